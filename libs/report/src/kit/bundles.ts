import { BundleVerifier, parseOrigin, type BundleOptions, type Report as EvidenceReport } from '#evidence';
import type { ReportContent } from '#contracts';
import type { Counting } from './counting.js';
import type { KitFindings } from './findings.js';
import type { KitFiles } from './kit-files.js';
import type { KitReport } from './kit-report.js';
import { bundleName, generationOf } from './manifest.js';
import * as says from './says.js';

type State = ReportContent['asOf']['checkpoints'][number];

/** Goes through the bundles of a kit, the oldest generation first: each is checked, and its leaves are counted on the way. */
export async function verifyBundles(
  files: KitFiles,
  content: ReportContent,
  { states, counting, findings }: { states: ReadonlyMap<number, State>; counting: Counting; findings: KitFindings },
  options: BundleOptions,
): Promise<KitReport['bundles']> {
  const bundles: KitReport['bundles'] = [];
  const present = files.names.map(generationOf).filter((generation) => generation !== undefined);
  const generations = [...new Set([...states.keys(), ...present])].sort((a, b) => a - b);
  for (const generation of generations) {
    const file = bundleName(generation);
    // a gap is compared with what was seen of the log before it
    const notes = [generation - 1, generation].map((one) => states.get(one)?.note).filter((note) => note !== undefined);
    const verifier = new BundleVerifier({
      ...options,
      checkpoints: [...(options.checkpoints ?? []), ...notes],
      onLeaf: (leaf, index) => counting.add(leaf, index, generation),
    });
    if (!(await files.lines(file, (line) => verifier.line(line)))) continue;
    const evidence = verifier.end();
    bundles.push({ file, evidence });
    judge(file, evidence, findings);
    if (!isOf(evidence, content, generation)) findings.add(says.evidenceOfAnotherLog(file, evidence.origin));
    const state = states.get(generation);
    if (state !== undefined && !reaches(evidence, state)) {
      findings.add(says.checkpointNotInLog(state.origin, state.size));
    }
  }
  return bundles;
}

function judge(file: string, { findingCount, from }: EvidenceReport, findings: KitFindings): void {
  if (findingCount > 0) findings.add(says.evidenceNotIntact(file, findingCount));
  if (from > 0) findings.add(says.evidenceIncomplete(file));
}

function isOf({ origin }: EvidenceReport, { institution, asOf }: ReportContent, generation: number): boolean {
  const found = origin === null ? undefined : parseOrigin(origin);
  const wanted = parseOrigin(asOf.checkpoints.at(-1)!.origin);
  return (
    found?.institution === institution.id &&
    found.installation === wanted?.installation &&
    found.generation === generation
  );
}

/** Whether the checkpoint of the report was compared with the history of the bundle. */
function reaches({ notices, size }: EvidenceReport, state: State): boolean {
  const isUncompared = notices.some(
    ({ name, index }) => name === 'SEEN_CHECKPOINT_NOT_COMPARED' && index === state.size,
  );
  return !isUncompared && size >= state.size;
}
