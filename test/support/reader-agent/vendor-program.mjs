// A vendor's program that misbehaves on demand: what it does is its first argument; over standard input and output, or over
// HTTP when a port is given as the second.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

const [, , manner, port] = process.argv;
const status = { status: { reader: 'Vendor 1', sam: { present: true, serial: 'SAM-9901' } } };
const record =
  '"3313044107909901","JL CONTOH NO 1","006","002","KARANGANYAR","JUMANTONO","GENENGAN","KARANGANYAR","PEREMPUAN","O","ISLAM","KAWIN","PEDAGANG","SITI CONTOH","01-07-1990","JAWA TENGAH","","","","WNI"';

function answer(order, say, end) {
  if (manner === 'hangs') return;
  if (order.do === 'status') {
    say(status);
    return end();
  }
  if (order.do !== 'read') {
    if (manner === 'waits' && order.do === 'stop') say({ id: order.id, error: 'E_STOP' });
    return end();
  }
  const { id } = order;
  say({ id, step: 'tempel' });
  if (manner === 'dies') return process.exit(3);
  if (manner === 'waits' || manner === 'never-stops') return;
  if (manner === 'garbage') for (let n = 0; n < 20; n++) say(n % 2 ? '{"id":' : '\u0000\u0001 [1,2');
  if (manner === 'floods') for (let n = 0; n < 5_000; n++) say({ id, step: 'jari' });
  if (manner === 'endless') return endless(say);
  if (manner === 'inherited-error') say({ id, step: 'toString' });
  say({ id, step: 'jari' });
  say({ id, step: 'ulang', tries: 1 });
  if (manner === 'error') say({ id, error: 'E07' });
  else if (manner === 'inherited-error') say({ id, error: 'constructor' });
  else if (manner === 'unknown-error') say({ id, error: 'E99' });
  // a bare number, larger than JavaScript can hold, and what must not leave
  else
    say(
      `{"id":"${id}","tries":1,"data":{"biodata":${JSON.stringify(record)},"nomor":9171017008909903,"sidik":"AAAA","foto":"BBBB"}}`,
    );
  end();
}

function endless(say) {
  for (let n = 0; n < 64; n++) say('x'.repeat(4_096), '');
}

const line = (value) => (typeof value === 'string' ? value : JSON.stringify(value));

if (port === undefined) {
  const say = (value, end = '\n') => process.stdout.write(line(value) + end);
  createInterface({ input: process.stdin })
    .on('line', (text) => answer(JSON.parse(text), say, () => undefined))
    .on('close', () => process.exit(0));
} else {
  createServer((request, response) => {
    let body = '';
    request.on('data', (bytes) => (body += bytes));
    request.on('end', () => {
      const say = (value, end = '\n') => response.write(line(value) + end);
      const order = JSON.parse(body);
      if (manner === 'refuses-the-rest' && order.do === 'standalone') return response.writeHead(501).end();
      response.writeHead(200);
      answer(order, say, () => response.end());
    });
  }).listen(Number(port), '127.0.0.1', () => process.stdout.write('listening\n'));
}
