import { dayOf } from '#paper';
import type { RegisterPerson, ReportContent } from '#contracts';
import { count, listTable, text, type ReportTable } from './table.js';

/** On the day of the checkpoint, and not revoked before it (docs/report-format.md, Register). */
export function isActive({ activeFrom, activeUntil, revokedAt }: RegisterPerson, asOf: string): boolean {
  const day = dayOf(new Date(asOf));
  const revoked = revokedAt !== null && Date.parse(revokedAt) < Date.parse(asOf);
  return activeFrom <= day && (activeUntil === null || activeUntil >= day) && !revoked;
}

export function peopleTables({ figures: { register: figures }, register, asOf }: ReportContent): ReportTable[] {
  const { operators } = figures;
  const users = register.people.filter(({ role }) => role === 'operator' || role === 'camat');
  return [
    listTable('petugas', 'Petugas dan pernyataan kerahasiaan (NDA)', [
      ['Petugas aktif', operators.active, 'pada hari checkpoint, termasuk Camat'],
      ['Dengan NDA', operators.withNda, 'yang aktif'],
      ['Tanpa NDA', operators.withoutNda, 'yang aktif; aksesnya tertutup sampai NDA tercatat'],
      ['Sudah berhenti', operators.ended, 'petugas'],
    ]),
    {
      id: 'nda',
      title: 'Daftar petugas',
      columns: [
        text('User ID lokal', 4),
        text('Nama', 6),
        text('Unit kerja', 3.5),
        text('Keadaan', 2.2),
        text('Nomor NDA', 4),
        { title: 'Tanggal NDA', kind: 'day', width: 3 },
      ],
      keys: 1,
      rows: users.map((person) => [
        person.userIdLokal,
        person.name,
        person.workUnit ?? '-',
        isActive(person, asOf.at) ? 'Aktif' : person.activeFrom > dayOf(new Date(asOf.at)) ? 'Belum mulai' : 'Berhenti',
        person.nda?.number ?? 'belum ada',
        person.nda?.signedOn ?? null,
      ]),
    },
    {
      id: 'sptjm',
      title: `Surat Pernyataan Tanggung Jawab Mutlak (SPTJM): ${figures.sptjm ? 'ada' : 'tidak ada'} untuk perjanjian yang berlaku`,
      columns: [
        text('Perjanjian', 5),
        text('Nomor SPTJM', 5),
        { title: 'Tanggal', kind: 'day', width: 3 },
        text('Ditandatangani', 6),
      ],
      keys: 2,
      rows: register.agreements.flatMap((agreement) =>
        agreement.sptjm.map(({ number, signedOn, signedBy }) => [agreement.number, number, signedOn, signedBy ?? '-']),
      ),
    },
  ];
}

export function agreementTable({ register }: ReportContent, stateWords: Readonly<Record<string, string>>): ReportTable {
  return {
    id: 'perjanjian',
    title: 'Perjanjian kerja sama dan perubahannya',
    columns: [
      text('Nomor perjanjian', 4.5),
      text('Keadaan', 2.3),
      text('Versi', 1.5),
      text('Nomor surat', 4),
      { title: 'Mulai versi', kind: 'day', width: 2.9 },
      { title: 'Berlaku dari', kind: 'day', width: 2.9 },
      { title: 'Sampai', kind: 'day', width: 2.9 },
      count('Kuota harian', 1.9),
    ],
    keys: 3,
    rows: register.agreements.flatMap(({ number, state, versions }) =>
      versions.map((version) => [
        number,
        stateWords[state] ?? state,
        String(version.version),
        version.letterNumber ?? '-',
        version.effectiveFrom,
        version.validFrom,
        version.validUntil,
        version.dailyQuota,
      ]),
    ),
  };
}
