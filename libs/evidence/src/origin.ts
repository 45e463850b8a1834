/** `<installation>/<institution id>/<generation>`. */
export interface Origin {
  installation: string;
  institution: string;
  generation: number;
}

export function parseOrigin(origin: string): Origin | undefined {
  const [, installation, institution, generation] = /^(.+)\/([^/]+)\/([1-9][0-9]{0,8})$/.exec(origin) ?? [];
  if (installation === undefined || institution === undefined) return undefined;
  return { installation, institution, generation: Number(generation) };
}

export function isSameLogOfOtherGeneration(one: string, other: string): boolean {
  const [a, b] = [parseOrigin(one), parseOrigin(other)];
  return a !== undefined && a.installation === b?.installation && a.institution === b.institution;
}
