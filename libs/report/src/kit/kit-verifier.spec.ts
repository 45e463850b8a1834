import { expect, test } from '@jest/globals';
import { OfficeKit, sourceOf } from '../../test/office-kit.js';
import { describeKit } from '../describe/describe-kit.js';
import { KitVerifier } from './kit-verifier.js';

test('a kit of an honest office is good', async () => {
  const kit = OfficeKit.honest();
  const found = await new KitVerifier(sourceOf(kit.files()), { keys: [kit.log.verifierKey] }).verify();
  expect(found.findings).toEqual([]);
  expect(describeKit(found)).toMatchInlineSnapshot(`
    "PEMERIKSAAN LAPORAN DAN BUKTINYA

    Instansi      : Kecamatan Contoh (0198c1d2-7000-7000-8000-000000000001)
    Laporan       : Laporan, versi 1, 0198c1d2-7000-7000-a000-000000000064
    Masa          : 1 Juni 2026 – 30 Juni 2026
    Keadaan per   : 21 Juni 2026 pukul 08.00.00 WIB, 54 peristiwa
    Catatan       : gerbang-contoh/0198c1d2-7000-7000-8000-000000000001/1
    Sidik isi     : c2a9538776d15c9dc8b7982998a2f58ac35e51874e38680388dd9dbc1c01cb31
    Disetujui     : 22 Juni 2026 pukul 08.00.00 WIB (0198c1d2-7000-7000-a000-000000000001)
    Kunci         : 5da11ef0

    Dihitung ulang:
      Pemeriksaan NIK             dari catatan bertanda tangan      90 nilai, semuanya sama
      Gangguan                    dari catatan bertanda tangan      12 nilai, semuanya sama
      Pembacaan KTP-el            dari catatan dan rinciannya       20 nilai, semuanya sama
      Data balikan                dari catatan dan rinciannya       21 nilai, semuanya sama
      Kuota                       dari catatan dan daftar kantor    9 nilai, semuanya sama
      Petugas, alat, penghentian  dari daftar kantor saja           16 nilai, semuanya sama
    17 rincian dibuka dan cocok dengan sidiknya di dalam catatan.
    8 dari 8 NDA, SPTJM, versi perjanjian, alat baca dan SAM di daftar kantor tercatat tindakannya.
    Hanya menurut keterangan kantor: data balikan yang belum terkirim, pengecualian di alat baca, penghentian darurat, nama dan jabatan, serta hambatan dan tindak lanjut.

    HASIL: COCOK. Semua angka laporan sama dengan catatan.

    Perlu diketahui:
      - report.pdf dan report.xlsx hanya dicocokkan dengan manifest.json: yang dihitung ulang adalah report.json, yang sidiknya tertera di kertas.
      - 1 permintaan pemeriksaan tidak ada jawabannya di berkas ini.
    "
  `);
});
