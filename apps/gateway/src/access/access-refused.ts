import { AppError } from '#service';

/** A refusal that is decided here, at the gateway, and goes on record as one; codes that come over the bus are on record already. */
export class AccessRefused extends AppError {}
