import { approveProposal, getInstitution, roles, routes } from '../dist/libs/contracts/src/index.js';

const office = getInstitution.path;
const byCommand = (a, b) => (a.command < b.command ? -1 : 1);

/** docs/roles.md: who may do what, as the contract has it. */
export function rolesPage() {
  const open = routes.filter(({ access }) => access === 'public');
  const ofPeople = routes.filter(({ access }) => access.session).sort(byCommand);
  const ofTokens = routes.filter(({ access }) => access.scope !== undefined);
  return [
    '# Who may do what',
    '',
    'Made from the routes of `libs/contracts` by `npm run generate`; the guard of the gateway reads the same routes, and',
    '`test/authorisation` asks each of them as everybody. An evaluator is of a Disdukcapil, and sees the kecamatan of the',
    'kabupaten; everybody else acts in the own office only. Whoever may not see an office is told that it is not there.',
    '',
    '## People who have logged in',
    '',
    `\`…\` stands for \`${office}\`. Second person: it waits until somebody of one of these roles approves, never the one who`,
    'proposed it.',
    '',
    ...table(ofPeople, ['command line', (route) => code(route.command)], ['second person', secondPerson]),
    '',
    '## Applications with a token, and people who have logged in',
    '',
    ...table(ofTokens, ['scope of the token', ({ access }) => code(access.scope)]),
    '',
    '## Everybody',
    '',
    ...open.map(({ summary, method, path }) => `- ${summary}: \`${method} ${path}\``),
    '',
  ].join('\n');
}

function table(shown, ...more) {
  const [command, ...rest] = more;
  const heads = ['action', 'call', command[0], ...roles, ...rest.map(([head]) => head)];
  const rows = shown.map((route) => [
    route.summary.replaceAll('|', '\\|'),
    code(`${route.method} ${route.path.replace(office, '…')}`),
    command[1](route),
    ...roles.map((role) => (route.access.roles.includes(role) ? '✓' : '')),
    ...rest.map(([, cell]) => cell(route)),
  ]);
  return [heads, heads.map((head) => (roles.includes(head) ? ':-:' : '---')), ...rows].map(
    (cells) => `| ${cells.join(' | ')} |`,
  );
}

const code = (text) => (text === undefined ? '' : `\`${text}\``);

/** What the route itself says of who approves, beside the rule that all have in common. */
function secondPerson({ response, description = '' }) {
  if (response.status !== 202) return '';
  const sentences = description.split(/(?<=\.) /).filter((sentence) => /approv/.test(sentence));
  const own = sentences.filter((sentence) => !sentence.startsWith('Takes effect when'));
  const approvers = approveProposal.access.roles.join(' or ');
  return own.join(' ') || `${approvers[0].toUpperCase()}${approvers.slice(1)} approve.`;
}
