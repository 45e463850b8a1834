import { CountedContent } from '#contracts';
import type { OpenedLeaf } from '#report';

const { outcome: word, tries: whole, verificationId: id } = CountedContent.shape;

/**
 * What is counted of particulars, so that ReaderTally and DeliveryTally count of it what they count of all of them; null is what they
 * pass over, and what no figure has room for.
 */
export function countedContent({ leaf, content }: OpenedLeaf): CountedContent {
  const { outcome, tries, service, receipt, verificationId } = content;
  const isOfReader = leaf.type === 'READER_READ';
  return {
    outcome: isOfReader ? named(outcome) : null,
    tries: isOfReader ? (whole.safeParse(tries).data ?? null) : null,
    service: leaf.act === 'reader.read' ? named(service) : null,
    receipt: isOfReader ? null : named(receipt),
    verificationId: id.safeParse(verificationId).data ?? null,
  };
}

/** As the tallies name it. */
const named = (value: unknown): string | null => word.safeParse(String(value)).data ?? null;
