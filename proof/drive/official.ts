import { createOperator } from '#contracts';
import { json } from './caller.js';
import type { Tour } from './tour.js';

/** The NIK of an official, which the User ID request has to name (O-05): it is kept, but sealed, so it must not be found either. */
export async function driveOfficial(tour: Tour): Promise<void> {
  const { admin } = await tour.people();
  const [example] = Object.values(createOperator.body?.examples ?? {}) as { operator: object; reason: string }[];
  const nik = tour.canaries.nik('an official');
  const operator = { ...example?.operator, userIdLokal: 'pejabat.bukti', username: 'pejabat.bukti', nik };
  const answer = await tour.caller.send('official with a NIK', createOperator, {
    headers: { ...admin.headers, ...json },
    path: createOperator.path.replace('{institutionId}', admin.session.institution.id),
    body: JSON.stringify({ operator, reason: 'Bukti' }),
  });
  if (answer.status !== 200) throw new Error(`the official was not taken: ${answer.result}`);
}
