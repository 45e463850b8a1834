import { expect, test } from '@jest/globals';
import { migrate, readMigrations } from '#service';
import { TestDatabase } from './support/test-database.js';

/** What an installation of the first release holds. */
const firstRelease = `
  INSERT INTO access.institution (name, region_code) VALUES ('Kecamatan Satu', '33.98.01'), ('Kecamatan Dua', '33.98.02');
  INSERT INTO access.operator (institution_id, user_id_lokal, full_name, role, active_from)
    SELECT institution.id, who.name, 'Orang Uji', who.role, '2026-01-01' FROM access.institution,
      (VALUES ('Loket1', 'operator'), ('pemeriksa', 'evaluator')) AS who (name, role);
  INSERT INTO access.operator (institution_id, user_id_lokal, full_name, role, active_from)
    SELECT id, 'camat', 'Camat Uji', 'camat', '2026-01-01' FROM access.institution WHERE region_code = '33.98.01';
  INSERT INTO access.nda (operator_id, number, signed_on, document_sha256) SELECT id, 'NDA/1', '2026-01-01', 'x' FROM access.operator;
  INSERT INTO access.client (id, institution_id, name, secret_sha256, scopes)
    SELECT 'aplikasi', id, 'Aplikasi', 'abc', '{verifications:write}' FROM access.institution WHERE region_code = '33.98.01';`;

test('an installation of the first release keeps its people, NDAs and secrets, and its people get their log-in names', async () => {
  const database = await TestDatabase.create();
  try {
    const migrations = await readMigrations('apps/gateway/migrations');
    const [first, ...later] = migrations;
    if (!first) throw new Error('there is a first migration');
    await database.asSuperuser(database.name, async (admin) => {
      await admin.query('DROP SCHEMA access CASCADE; CREATE SCHEMA access');
      await migrate(admin, 'access', [first]);
      await admin.query(firstRelease);
      expect(await migrate(admin, 'access', [first, ...later])).toHaveLength(later.length);
      const { rows: accounts } = await admin.query('SELECT username, password_hash FROM access.account ORDER BY 1');
      expect(accounts).toEqual(
        ['camat', 'loket1.33.98.01', 'loket1.33.98.02'].map((username) => ({ username, password_hash: null })),
      );
      const { rows: secrets } = await admin.query('SELECT client_id, secret_sha256 FROM access.client_secret');
      expect(secrets).toEqual([{ client_id: 'aplikasi', secret_sha256: 'abc' }]);
      const { rows: ndas } = await admin.query('SELECT FROM access.nda JOIN access.operator USING (assignment)');
      expect(ndas).not.toEqual([]);
    });
  } finally {
    await database.drop();
  }
});
