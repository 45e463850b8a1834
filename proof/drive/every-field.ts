import {
  getReaderRegister,
  listAgreements,
  listClients,
  listOperators,
  listProposals,
  listSams,
  routes,
  type Role,
  type Route,
} from '#contracts';
import type { Request } from './caller.js';
import type { People } from './people.js';
import { slotsOf, withValue, type Slot } from './slots.js';
import type { Tour } from './tour.js';

/** Ways of writing a NIK, or what it is written in, that a form may take for something else. */
const forms: ((nik: string) => string)[] = [
  (nik) => nik,
  (nik) => `an. warga ${nik.slice(0, 6)} ${nik.slice(6, 12)} ${nik.slice(12)}`,
  (nik) => `warga.${nik}@bukti`,
  // as a number
  (nik) => `number:${nik}`,
];

/** What takes from the others what they need comes last, in this order. */
const lastOfAll = [
  'deactivateSam',
  'removeAgent',
  'revokeReader',
  'endOperatorSessions',
  'revokeOperator',
  'revokeClient',
  'stopInstitution',
  'terminateAgreement',
  'closeAgreement',
  'endMySession',
  'logOut',
];
const lateness = ({ operationId }: Route): number => lastOfAll.indexOf(operationId);

/** Every route of the contract, with a NIK in every place of its request in turn: none of them may keep it. */
export async function driveEveryField(tour: Tour): Promise<void> {
  const people = await tour.people();
  const ids = await idsOf(tour, people);
  const ordered = [...(routes as readonly Route[])].sort((one, other) => lateness(one) - lateness(other));
  for (const route of ordered)
    for (const slot of slotsOf(route))
      for (const write of forms) {
        const nik = tour.canaries.nik(`${route.operationId}, ${slot.in} ${slot.name}`);
        const request = requestOf(route, await headersFor(tour, route, people), ids, { slot, text: write(nik) });
        await tour.caller.send(`NIK in every field: ${slot.in}`, route, request);
      }
  // as they should be, so that no route is left out; some of them end what the others need, hence last
  for (const route of ordered) {
    const request = requestOf(route, await headersFor(tour, route, people), ids);
    await tour.caller.send('every route as its example has it', route, request);
  }
}

/** Real ids of the office of the administration, so that a request is refused for its NIK and nothing else. */
async function idsOf(tour: Tour, people: People): Promise<Record<string, string>> {
  const { admin, operator } = people;
  const institutionId = admin.session.institution.id;
  const read = async (route: Route, list: string): Promise<string> => {
    const path = fill(route.path, { institutionId });
    const { body } = await tour.caller.send('lists of the administration', route, { path, headers: admin.headers });
    const rows = (body[list] ?? []) as { id: string; role?: string }[];
    // an official who is taken away could not go on with the proof
    return (rows.find(({ role }) => role === 'operator') ?? rows[0])?.id ?? noId;
  };
  return {
    institutionId,
    regionCode: admin.session.institution.regionCode,
    agreementId: await read(listAgreements, 'agreements'),
    operatorId: await read(listOperators, 'operators'),
    clientId: await read(listClients, 'clients'),
    proposalId: await read(listProposals, 'proposals'),
    readerId: await read(getReaderRegister, 'readers'),
    samId: await read(listSams, 'sams'),
    sessionId: operator.session.id,
    code: 'G7XK-9M2Q-4TRD-0HVB-8',
  };
}

const noId = '019ab3c4-5d6e-7f80-9123-456789abcdef';

const fill = (path: string, ids: Record<string, string>): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(ids[name] ?? noId));

async function headersFor(tour: Tour, { access }: Route, people: People): Promise<Record<string, string>> {
  if (access === 'public') return { 'sec-fetch-site': 'same-origin' };
  if ('scope' in access) return { authorization: `Bearer ${await tour.caller.token(tour.office('administration'))}` };
  const role = (['admin', 'camat', 'evaluator', 'operator'] satisfies Role[]).find((one) => access.roles.includes(one));
  return people[role ?? 'admin'].headers;
}

function requestOf(
  route: Route,
  headers: Record<string, string>,
  ids: Record<string, string>,
  { slot, text = '' }: { slot?: Slot; text?: string } = {},
): Request {
  const value = text.replace(/^number:/, '');
  const own: Record<string, string> = route.path.startsWith('/v1/readers/') ? { id: ids.readerId ?? noId } : {};
  const inPath = slot?.in === 'path' ? { ...ids, ...own, [slot.name]: value } : { ...ids, ...own };
  const query = slot?.in === 'query' ? `?${new URLSearchParams({ [slot.name]: value }).toString()}` : '';
  const path = fill(route.path, inPath) + query;
  if (!route.body) return { path, headers };
  const { contentType, examples } = route.body;
  const example = withRealIds(Object.values(examples)[0], ids);
  if (contentType === 'multipart/form-data')
    return { path, ...withFile(headers, slot?.in === 'body' ? value : anyFile) };
  const body = slot?.in === 'body' ? withValue(example, slot.steps, text) : example;
  const written =
    contentType === 'application/json'
      ? // as digits, because a number of JavaScript would lose the last of them
        JSON.stringify(body).replace(/"number:(\d+)"/g, '$1')
      : new URLSearchParams(body as Record<string, string>).toString().replaceAll('number%3A', '');
  return { path, headers: { ...headers, 'content-type': contentType }, body: written };
}

const anyFile = 'NIK;Nomor Register;Nama Usaha;Jenis Usaha;Tanggal\r\n';

function withFile(headers: Record<string, string>, content: string): Request {
  const boundary = 'batas-berkas';
  return {
    headers: { ...headers, 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="isian.csv"\r\nContent-Type: text/csv\r\n\r\n${content}\r\n--${boundary}--\r\n`,
  };
}

let made = 0;

/** The example as something that this office could really send: its own ids, and names that nobody has yet. */
function withRealIds(example: unknown, ids: Record<string, string>): unknown {
  made += 1;
  const real: Record<string, string> = {
    leaver: ids.operatorId ?? noId,
    userIdLokal: `uji.${made}`,
    id: `uji-${made}`,
    number: `PKS/UJI/${made}`,
    regionCode: ids.regionCode ?? '',
    serial: `SERI-${made}`,
    sifilmaNumber: `SIFILMA/${made}`,
    readerId: ids.readerId ?? noId,
  };
  const replace = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replace);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, real[key] ?? replace(one)]));
  };
  return replace(example);
}
