import { blank, items, rows, text, type Paper } from '../paper/paper.js';
import type { LetterFacts, LetterOf } from '../facts.js';
import { agreementWords, camatSignature, declarant } from './words.js';

/** O-02: the closed network alone. O-16: without any address, for those are secret. */
export function closedNetworkStatement(
  { connection }: LetterOf<'CLOSED_NETWORK_STATEMENT'>,
  facts: LetterFacts,
): Paper {
  return {
    head: { title: 'Surat Pernyataan Penggunaan Jaringan Tertutup' },
    blocks: [
      text('Yang bertanda tangan di bawah ini:'),
      rows(...declarant(facts, blank())),
      text(`sehubungan dengan ${agreementWords(facts)}, dengan ini menyatakan bahwa:`),
      items(
        'Akses data kependudukan di kantor kami hanya dilakukan melalui Jaringan Tertutup, dan tidak melalui internet publik.',
        `Jaringan Tertutup tersebut tersambung sebagai berikut: ${connection}`,
        'Permintaan dari komputer di luar Jaringan Tertutup ditolak oleh sistem dan dicatat.',
        'IP LAN, User ID, pengguna VPN, alamat server, dan kata sandi dijaga kerahasiaannya dan karena itu tidak dicantumkan dalam surat ini.',
        'Setiap perubahan sambungan diberitahukan sebelum digunakan.',
      ),
      text('Demikian pernyataan ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya.'),
    ],
    signatures: [camatSignature(facts)],
    copies: [],
    annexes: [],
  };
}
