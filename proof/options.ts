import { parseArgs } from 'node:util';

export const rehearsals = ['log', 'table'] as const;
export type Rehearsal = (typeof rehearsals)[number];

export type Options =
  | { do: 'help' }
  | { do: 'verify'; statement: string; publicKey: string | undefined }
  | {
      do: 'prove';
      scale: 'small' | 'full';
      compose: boolean;
      out: string;
      keep: boolean;
      rehearse: Rehearsal | undefined;
      signingKeyFile: string | undefined;
    };

export class WrongOption extends Error {}

export const help = `Usage: npm run proof:retention -- [options]

  --scale small|full     small (about a minute) or full; default small
  --compose              proves the containers of docker-compose.yml instead of what npm start runs
  --out <folder>         where the statement goes; default .gerbang-proof
  --keep                 leaves the installation's folder, to look around
  --rehearse log|table   leaks a canary on purpose: the proof has to find it
  --verify <statement>   checks the signature of a statement (JSON); the files beside it belong to it
  --public-key <file>    PEM or JWK of whoever must have signed it

  PROOF_SIGNING_KEY_FILE  Ed25519 private key, PEM (PKCS 8) or JWK; without it one is made for the run

Status: 0 nothing found, 1 found, 2 search not proven, 3 the proof could not be run.
`;

/** @throws {WrongOption} */
export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv): Options {
  const { scale = 'small', out = '.gerbang-proof', rehearse, ...values } = parse(argv);
  if (values.help) return { do: 'help' };
  if (values.verify !== undefined) return { do: 'verify', statement: values.verify, publicKey: values['public-key'] };
  if (scale !== 'small' && scale !== 'full') throw new WrongOption('--scale is small or full.');
  if (rehearse !== undefined && !(rehearsals as readonly string[]).includes(rehearse))
    throw new WrongOption(`--rehearse is one of ${rehearsals.join(', ')}.`);
  return {
    do: 'prove',
    scale,
    compose: values.compose ?? false,
    out,
    keep: values.keep ?? false,
    rehearse: rehearse as Rehearsal | undefined,
    signingKeyFile: env.PROOF_SIGNING_KEY_FILE || undefined,
  };
}

function parse(argv: readonly string[]) {
  try {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean' } as const;
    const options = { scale: text, out: text, rehearse: text, verify: text, 'public-key': text };
    return parseArgs({ args: [...argv], options: { ...options, compose: flag, keep: flag, help: flag } }).values;
  } catch (error) {
    throw new WrongOption(error instanceof Error ? error.message : 'The options are wrong.');
  }
}
