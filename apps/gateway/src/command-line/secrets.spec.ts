import { expect, test } from '@jest/globals';
import { routes } from '#contracts';
import { commandsOf } from './commands.js';
import { check } from './every-field-fixture.js';

test('secrets and a NIK do not stand on the line, in whatever form', async () => {
  const commands = commandsOf(routes);
  const named = (name: string) => commands.find((command) => command.name === name);
  const nik = '3313044107909901';
  const lines: [string, string[]][] = [
    ['login', ['--username', 'x', '--password', 'rahasia sekali']],
    ['login', ['--username', 'x', '--code=123456']],
    ['login', ['--json', '{"username":"x","password":"rahasia sekali"}']],
    ['account activate', ['--username', 'x', '--activationCode', 'rahasia sekali']],
    ['account change-password', ['--newPassword', 'rahasia sekali']],
    ['upstream configure', ['--access.password', 'rahasia sekali']],
    ['upstream configure', ['--access', '{"password":"rahasia sekali"}']],
    ['reminder configure', ['--webhook.secret', 'rahasia sekali']],
    ['operator create', ['--operator.nik', nik]],
    ['institution import', ['--file', `{"operators":[{"nik":"${nik}"}]}`]],
    ['institution import', ['--file.operators', `{"nik":"${nik}"}`]],
  ];
  for (const [name, argv] of lines) {
    const failure: unknown = await check(named(name), argv).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      status: 2,
      message: expect.stringContaining('tidak diterima pada baris perintah'),
    });
    expect(String(failure)).not.toMatch(/rahasia sekali|3313044107909901|123456/);
  }
  // how the ministry spells a key is no secret
  const spelled = ['--access.dialect.password', 'PASSWORD', '--access.dialect', '{"nik":"NIK"}'];
  await expect(check(named('upstream configure'), spelled)).rejects.not.toThrow('tidak diterima');
});
