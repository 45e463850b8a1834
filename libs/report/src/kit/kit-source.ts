/** The files of a kit, wherever they come from. Each may be read more than once. */
export interface KitSource {
  /** As they stand in the kit: a name may stand there twice. */
  readonly names: readonly string[];
  /** The bytes of the first file of this name. @throws UnreadableFile when it is damaged */
  open(name: string): AsyncIterable<Uint8Array>;
}

/** A file that is damaged, or larger than one of its kind may be. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}
