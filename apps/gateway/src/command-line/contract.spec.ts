import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { pathParameters, routes, type Route } from '#contracts';
import { isObject } from './body.js';
import { CommandLine, institutionId, StandInGateway } from './command-line-fixture.js';
import { commandsOf, findCommand, type Command } from './commands.js';
import { exampleOf, uploadExample } from './example.js';
import { findLocalCommand, localCommands } from './local-commands.js';
import { generalOptions } from './options.js';
import { optionNames } from './prepare.js';

const all: readonly Route[] = routes;
const commands = commandsOf(routes);
const table = commands.map((command): [string, Command] => [command.name, command]);

test('whatever a person may do by REST has a command', () => {
  const forPeople = all.filter(({ access }) => access !== 'public' && 'session' in access);
  expect(forPeople.length).toBeGreaterThan(40);
  expect(forPeople.filter(({ command }) => command === undefined)).toEqual([]);
});

test('a line means one command: none begins with another, and none hides a local one', () => {
  const clashes = commands.flatMap((command) =>
    commands.filter((other) => other !== command && findCommand([other], command.words)).map(({ name }) => name),
  );
  expect(clashes).toEqual([]);
  expect(commands.filter(({ words }) => words[0] === 'help' || findLocalCommand(localCommands, words))).toEqual([]);
});

describe.each(table)('gerbang %s', (name, command) => {
  const { route, body, pathParameters: inPath, query } = command;

  test('is written in words that a shell leaves alone', () =>
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*( [a-z]+(-[a-z]+)*)?$/));

  test('is found by its words', () => expect(findCommand(commands, [...command.words, 'berlebih'])).toBe(command));

  test('has options that mean one thing each', () => {
    const names = optionNames(command);
    expect(new Set(names).size).toBe(names.length);
    expect(inPath).toEqual(pathParameters(route.path));
    // of the general options only `--file` may be a field's own: an institution file is called so
    const general = Object.keys(generalOptions).filter((option) => option !== 'file');
    expect(names.filter((option) => general.includes(option) || option === 'help')).toEqual([]);
  });

  test('has help with everything that it takes and may answer', async () => {
    const person = await CommandLine.open('http://127.0.0.1:1');
    const { status, out, error } = await person.run(['help', ...command.words]);
    await person.close();
    expect({ status, error }).toEqual({ status: 0, error: '' });
    expect(out).toContain(route.summary);
    expect(out).toContain(`${route.method} ${route.path}`);
    for (const option of [...inPath, ...query.map((field) => field.name), ...body.map((field) => field.name)])
      expect(out).toContain(`--${option} `);
    for (const code of route.errors) expect(out).toContain(code);
    expect(out).toContain(`gerbang ${name}`);
    expect(out).not.toMatch(/undefined|\[object/);
  });
});

describe("the contract's own examples, called as the help shows them", () => {
  let gateway: StandInGateway;
  let person: CommandLine;

  beforeAll(async () => {
    gateway = await StandInGateway.start();
    person = await CommandLine.open(gateway.url);
    await person.logIn(gateway);
  });
  afterAll(async () => {
    await person.close();
    await gateway.stop();
  });

  test.each(table)('gerbang %s', async (_name, command) => {
    const { route } = command;
    const { argv, files } = exampleOf(command);
    for (const [name, content] of Object.entries(files)) await writeFile(person.path(name), JSON.stringify(content));
    const isUpload = route.body?.contentType === 'multipart/form-data';
    if (isUpload) await writeFile(person.path(uploadExample), 'NIK;Nomor Register\n');
    const [body] = Object.values(route.body?.examples ?? {});
    const answers = Object.values(route.response.examples);
    gateway.answer = () => ({
      status: route.response.status,
      body: route.response.contentType ? '{"end":true,"leaves":0,"checkpoints":0}\n' : (answers[0] ?? {}),
      contentType: route.response.contentType ?? 'application/json',
      headers: { 'set-cookie': 'gerbang_session=baru; HttpOnly' },
    });
    Object.assign(person.environment, secretsOf(body));

    const { status, error } = await person.run(
      argv.map((word) =>
        /^[\w-]+\.(jsonl?|pdf|svg|xlsx|bin|zip|csv|docx)$/.test(word)
          ? person.path(word)
          : word.replace(/^<(.+)>$/, 'nilai-$1'),
      ),
      // a NIK is only ever typed
      isObject(body) && typeof body.nik === 'string' ? { typed: [body.nik] } : {},
    );
    expect(error.replace(/Ini baru usulan[^]*|Disimpan: .*\n|NIK \(16 angka\): \n/g, '')).toBe('');
    expect(status).toBe(0);
    const asked = Object.entries(route.queryExample ?? {}).map(([key, value]): [string, string] => [
      key,
      String(value),
    ]);
    const query = asked.length === 0 ? '' : `?${new URLSearchParams(asked).toString()}`;
    const path = route.path.replace('{institutionId}', institutionId).replace(/\{(\w+)\}/g, 'nilai-$1') + query;
    expect(gateway.last).toMatchObject({ method: route.method, path });
    if (isUpload) {
      expect(gateway.last?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
      expect(gateway.last?.body).toContain('NIK;Nomor Register\n');
      return;
    }
    expect(gateway.last?.body === '' ? undefined : JSON.parse(gateway.last?.body ?? '')).toEqual(body);
    expect(gateway.last?.headers['content-type']).toBe(route.body?.contentType);
    if (command.name === 'logout') await person.logIn(gateway);
  });
});

/** The example's secrets where a script keeps them. */
function secretsOf(body: unknown): Record<string, string> {
  const { password, currentPassword, newPassword, code, activationCode } = (body ?? {}) as Record<string, string>;
  const given = {
    GERBANG_PASSWORD: password ?? currentPassword,
    GERBANG_NEW_PASSWORD: newPassword,
    GERBANG_CODE: code,
    GERBANG_ACTIVATION_CODE: activationCode,
  };
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value ?? '']));
}
