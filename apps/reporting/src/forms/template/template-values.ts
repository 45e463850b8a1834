import type { Register, ReportContent } from '#contracts';
import { dayOf, dayText, timeText } from '#paper';
import { officeHolder } from '../office-holder.js';
import { periodText, titleOf } from '../titles.js';

/** What a cell is filled with. null: left empty. */
export type TemplateValue = string | number | null;

type Source = { content: ReportContent; contentHash: string };

/** Agreement in force on the day of the checkpoint, else the last one; undefined: none on file. */
function agreementOf({ register, asOf }: ReportContent): Register['agreements'][number] | undefined {
  const day = dayOf(new Date(asOf.at));
  const inForce = register.agreements.find(({ versions }) =>
    versions.some(({ validFrom, validUntil }) => validFrom <= day && day <= validUntil),
  );
  return inForce ?? register.agreements.at(-1);
}

const semesters = { FIRST_SEMESTER: 1, SECOND_SEMESTER: 2, OTHER: null } as const;
const checkpointOf = ({ content }: Source) => content.asOf.checkpoints.at(-1)!;

/** Names that a form may use besides paths of the content (docs/report-format.md). */
export const namedValues: Readonly<Record<string, (source: Source) => TemplateValue>> = {
  judul: ({ content }) => titleOf(content),
  periode: ({ content }) => periodText(content.period),
  tahun: ({ content }) => Number(content.period.from.slice(0, 4)),
  semester: ({ content }) => semesters[content.period.kind],
  dari: ({ content }) => dayText(content.period.from),
  sampai: ({ content }) => dayText(content.period.until),
  namaKecamatan: ({ content }) => content.institution.name,
  kodeWilayah: ({ content }) => content.institution.regionCode,
  alamat: ({ content }) => content.institution.address,
  nomorPks: ({ content }) => agreementOf(content)?.number ?? null,
  namaCamat: ({ content }) => officeHolder(content)?.name ?? null,
  nipCamat: ({ content }) => officeHolder(content)?.nip ?? null,
  tanggal: ({ content }) => dayText(dayOf(new Date(content.asOf.at))),
  dihitungPada: ({ content }) => timeText(new Date(content.asOf.at)),
  nomorLaporan: ({ content }) => content.id,
  versi: ({ content }) => content.version,
  hash: ({ contentHash }) => contentHash,
  catatanBukti: (source) => checkpointOf(source).origin,
  ukuranCheckpoint: (source) => checkpointOf(source).size,
  akarCheckpoint: (source) => checkpointOf(source).root,
  hambatan: ({ content }) => content.narrative.obstacles,
  tindakLanjut: ({ content }) => content.narrative.followUp,
};
