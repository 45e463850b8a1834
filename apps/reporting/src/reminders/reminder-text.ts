import type { Reminder } from '#contracts';
import { dayText, timeText } from '#paper';
import type { Message } from './courier.js';

const stateTexts: Record<Reminder['obligationState'], string> = {
  DUE_SOON: 'Segera jatuh tempo',
  OVERDUE: 'Lewat jatuh tempo',
  BREACHED: 'Terlanggar',
  IN_ORDER: 'Beres',
  NOT_APPLICABLE: 'Tidak berlaku',
};

const dueText = ({ dueAt, dueOn }: Message): string | undefined =>
  dueAt ? timeText(dueAt) : dueOn === null ? undefined : dayText(dueOn);

export const subjectOf = (message: Message): string =>
  `[Gerbang PATEN] ${stateTexts[message.obligationState]}: ${message.title} - ${message.office}`;

export function textOf(message: Message): string {
  const due = dueText(message);
  return [
    `Pengingat untuk ${message.office}`,
    '',
    `Kewajiban : ${message.title} (${message.clause})`,
    `Keadaan   : ${stateTexts[message.obligationState]}, per ${timeText(message.createdAt)}`,
    ...(due === undefined ? [] : [`Batas     : ${due}`]),
    ...(message.nextStep === null ? [] : ['', `Langkah berikutnya: ${message.nextStep}`]),
    '',
    'Rincian dan buktinya: gerbang obligation list. Pesan ini dikirim oleh sistem dan tidak memuat data warga.',
    '',
  ].join('\n');
}

/** What a webhook is given, JSON. */
export function payloadOf(message: Message): string {
  const { id, institutionId, rule, clause, obligationState, office, title, dueOn, dueAt, nextStep, createdAt } =
    message;
  return JSON.stringify({
    type: 'obligation.reminder',
    id,
    at: createdAt.toISOString(),
    institution: { id: institutionId, name: office },
    obligation: { rule, clause, title, state: obligationState, dueOn, dueAt: dueAt?.toISOString() ?? null, nextStep },
  });
}
