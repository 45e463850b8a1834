/** What the fonts that every PDF reader has can show (Windows-1252); of other letters the plain one. */
export function winAnsi(text: string): string {
  return [...text.normalize('NFC')]
    .map((letter) => {
      if (isWinAnsi(letter)) return letter;
      const plain = letter.normalize('NFKD').replace(/\p{M}/gu, '');
      return plain !== '' && [...plain].every(isWinAnsi) ? plain : '?';
    })
    .join('');
}

const isWinAnsi = (letter: string): boolean =>
  /^[\u0020-\u007e\u00a0-\u00ff\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u20ac\u2122]$/u.test(letter);

/** Lines that fit; a word that is wider than a line is broken behind a sign such as / or -, else where it has to be. */
export function wrapText(text: string, fits: (line: string) => boolean): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const letter of word) {
      if (line !== '' && !fits(line + letter)) {
        const [, head = line, tail = ''] = /^(.+[/\-._@])([^/\-._@]*)$/.exec(line) ?? [];
        lines.push(head);
        line = tail;
      }
      line += letter;
    }
  }
  return [...lines, line];
}
