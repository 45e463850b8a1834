/** What the log knows of a row of the register, and the register does not tell. */
export type Contradiction = 'TERMINATED' | 'REVOKED' | 'RETURNED' | 'DEACTIVATED' | 'LEFT_OUT';

/** As it is said. */
export const contradictions: Record<Contradiction, [english: string, indonesian: string]> = {
  TERMINATED: ['the log says that the agreement was terminated', 'menurut catatan, perjanjian ini sudah diakhiri'],
  REVOKED: ['the log says that the reader was revoked', 'menurut catatan, alat baca ini sudah dicabut'],
  RETURNED: [
    'the log says that its configuration file was returned',
    'menurut catatan, berkas konfigurasinya sudah dikembalikan',
  ],
  DEACTIVATED: ['the log says that the SAM was deactivated', 'menurut catatan, SAM ini sudah dinonaktifkan'],
  LEFT_OUT: [
    'the log has put it on file, and the register does not tell it',
    'tercatat, tetapi tidak disebut di daftar',
  ],
};
