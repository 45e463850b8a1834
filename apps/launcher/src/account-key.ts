import { nkeys } from '@nats-io/transport-node';

/** nkey of a NATS account, as its seed. */
export const makeAccountSeed = (): string => new TextDecoder().decode(nkeys.createAccount().getSeed());

/** The public half, which stands in the broker's configuration. */
export const accountOf = (seed: string): string => nkeys.fromSeed(new TextEncoder().encode(seed)).getPublicKey();
