import type { demoConsumer } from './demo.js';

/** Makes the consumer known to the sandbox, or replaces it; what it counted stays. */
export async function putConsumer(
  sandboxUrl: string,
  { userId, ...rest }: ReturnType<typeof demoConsumer>,
): Promise<void> {
  const response = await fetch(`${sandboxUrl}/_control/consumers/${userId}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(rest),
  });
  if (!response.ok) throw new Error(`The sandbox refused the consumer: ${await response.text()}`);
}
