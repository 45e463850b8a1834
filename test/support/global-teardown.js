import { rm } from 'node:fs/promises';

export default async function globalTeardown() {
  await globalThis.gerbangTest.postgres.stop();
  await rm(globalThis.gerbangTest.folder, { recursive: true, force: true });
}
