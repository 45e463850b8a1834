import type { ReportDetail } from '#contracts';
import { verifierPage, verifierScript } from '../evidence/verifier-files.js';

/** What the kit is and how it is checked, for whoever unpacks it at Disdukcapil. */
export function readMe(
  { id, version, period, contentHash }: ReportDetail,
  office: string,
  origin: string,
  at: string,
): string {
  return `BERKAS PEMERIKSAAN LAPORAN

Kantor    : ${office}
Laporan   : ${id}, versi ${version}
Periode   : ${period.from} sampai ${period.until}
Sidik isi : ${contentHash} (SHA-256)
Log bukti : ${origin}
Dibuat    : ${at}

Berkas ini memuat laporan, seluruh log bukti akses, rincian setiap catatan yang dihitung, dan alat
pemeriksanya. Setiap angka laporan dapat dihitung ulang tanpa jaringan, tanpa Gerbang PATEN, dan
tanpa mempercayai siapa pun. Tidak ada data penduduk di dalamnya, tetapi ada nama usaha dari data
balikan dan rentang jaringan kantor: simpan sebagai dokumen rahasia.

Cara memeriksa

1. Dengan Node.js 20 atau lebih baru, di folder yang memuat kit ini:

       node ${verifierScript} kit.zip

   Kode keluar 0: utuh dan semua angka sama; 1: ada yang tidak sesuai, disebutkan satu per satu;
   2: tidak dapat diperiksa.

2. Tanpa Node.js: buka ${verifierPage} di peramban, lalu pilih berkas kit (.zip). Halaman ini
   tidak memerlukan jaringan dan tidak mengirim apa pun.

Bandingkan kunci kantor yang ditampilkan alat dengan kunci yang Anda terima di atas kertas dari
kantor ini. Untuk pemeriksaan yang paling kuat, pakailah alat pemeriksa yang Anda simpan sendiri
(gerbang verifier --out <folder>), bukan yang ada di dalam berkas ini.

Isi

report.json          isi laporan, yang sidiknya tercatat di log bukti
report.pdf, .xlsx    laporan sebagaimana diserahkan
evidence-<n>.jsonl   log bukti, satu berkas untuk setiap generasi
particulars.jsonl    rincian catatan, dengan garam yang membuka sidiknya
undelivered.jsonl    data balikan yang belum terkirim pada saat laporan dihitung
${verifierScript}   alat pemeriksa untuk Node.js
${verifierPage}  alat pemeriksa sebagai halaman
manifest.json        SHA-256 setiap berkas
`;
}
