/** HEALTHCHECK of the image, which has no curl: exit status 0 when this container's service is ready. */
const url = process.env.HEALTH_URL ?? 'http://127.0.0.1:9090/health/ready';
try {
  const answer = await fetch(url, { signal: AbortSignal.timeout(4_000) });
  // `docker inspect` shows it
  process.stdout.write((await answer.text()).slice(0, 1_000));
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  process.stdout.write(`no answer: ${error.cause?.code ?? error.name}`);
  process.exitCode = 1;
}
