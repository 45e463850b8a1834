/** Under which a record's NIK is sealed: a box that was moved to another record does not open. */
export const recordContext = (recordId: string): string => `nik:${recordId}`;
