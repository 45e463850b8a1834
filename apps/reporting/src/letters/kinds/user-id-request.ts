import { numberWords } from '#paper';
import { blank, items, text, type Paper } from '../paper/paper.js';
import type { LetterFacts, LetterOf } from '../facts.js';
import { agreementWords, camatSignature, closing, officeWords, recipientOf } from './words.js';

/** O-05: who shall have a User ID, with the columns of JT 2f. The only letter that carries a NIK. */
export function userIdRequest({ operatorIds }: LetterOf<'USER_ID_REQUEST'>, facts: LetterFacts): Paper {
  const count = operatorIds.length;
  return {
    head: {
      nature: 'Penting',
      attachments: '1 (satu) berkas',
      subject: 'Permohonan User ID Hak Akses Data Kependudukan',
      recipients: [recipientOf(facts)],
    },
    blocks: [
      text(
        `Berdasarkan ${agreementWords(facts)}, bersama ini kami mengajukan permohonan User ID hak akses data kependudukan untuk ` +
          `${officeWords(facts)}, bagi ${count} (${numberWords(count)}) orang sebagaimana tercantum dalam daftar terlampir.`,
      ),
      text('User ID digunakan dengan ketentuan sebagai berikut:'),
      items(
        'Camat bertanggung jawab atas User ID dan penggunaannya.',
        'Data diakses hanya dengan NIK, melalui jaringan tertutup, dan hanya untuk unsur data yang diperjanjikan.',
        'Setiap petugas menandatangani surat pernyataan menjaga kerahasiaan sebelum menggunakan akses.',
        'User ID dan kata sandi tidak diberitahukan kepada pihak lain, dan penggunaannya berakhir pada saat petugas diganti atau perjanjian berakhir.',
      ),
      text(closing),
    ],
    signatures: [camatSignature(facts)],
    copies: ['Arsip.'],
    annexes: [
      { title: 'Daftar Pejabat/Petugas yang Dimohonkan User ID', landscape: true, blocks: [list(operatorIds, facts)] },
    ],
  };
}

function list(
  operatorIds: string[],
  { people, officials, register: { institution } }: LetterFacts,
): Paper['blocks'][number] {
  const rows = operatorIds.map((id, index) => {
    const person = people.get(id);
    const official = officials.find((one) => one.id === id);
    const office = official?.officeName ?? institution.name;
    const address = official?.officeAddress ?? institution.address;
    return [
      String(index + 1),
      official?.nik ?? blank(16),
      person?.name ?? blank(20),
      person?.nip ?? '-',
      official?.employmentStatus ?? blank(12),
      person?.position ?? blank(12),
      official?.officeRegionCode ?? institution.regionCode,
      address === null ? office : `${office}\n${address}`,
      person?.userIdLokal ?? blank(12),
    ];
  });
  return {
    kind: 'table',
    columns: [
      { title: 'No.', share: 5 },
      { title: 'NIK', share: 19 },
      { title: 'Nama Lengkap', share: 16 },
      { title: 'NIP', share: 20 },
      { title: 'Status Kepegawaian', share: 14 },
      { title: 'Jabatan', share: 12 },
      { title: 'Kode Wilayah Kantor', share: 10 },
      { title: 'Nama dan Alamat Kantor', share: 18 },
      { title: 'User ID Lokal', share: 12 },
    ],
    rows,
  };
}
