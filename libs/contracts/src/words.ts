import type { VerificationMode } from './actor.js';
import type { ElementName } from './elements.js';
import type { ErrorCode } from './errors.js';
import type { ExceptionReason, exceptionDecisions } from './readers/reads.js';
import type { ReadOutcome } from './readers/result.js';
import type { incidentKinds } from './reporting/figures.js';
import type { RegisterAgreement, RegisterReader, RegisterSam } from './reporting/register.js';
import type { Outcome } from './verification.js';

// Indonesian words of codes, for what people read on paper. Services have theirs in `paten`.

export const elementWords: Record<ElementName, string> = {
  noKk: 'nomor KK',
  nik: 'NIK',
  namaLengkap: 'nama lengkap',
  jenisKelamin: 'jenis kelamin',
  tempatLahir: 'tempat lahir',
  tanggalLahir: 'tanggal lahir',
  jenisPekerjaan: 'jenis pekerjaan',
  statusPerkawinan: 'status perkawinan',
  alamat: 'alamat',
};

export const modeWords: Record<VerificationMode, string> = {
  LOOKUP: 'Ambil data (call NIK)',
  MATCH: 'Cocokkan data',
};

/** How a look-up ended in the register. */
export const outcomeWords: Record<Outcome, string> = {
  FOUND: 'Ditemukan',
  NOT_FOUND: 'Tidak ditemukan',
  DECEASED: 'Tercatat meninggal dunia',
  DUPLICATE: 'Tercatat ganda',
  INACTIVE: 'NIK tidak aktif',
  UNPROCESSABLE: 'NIK tidak dapat diproses',
};

export const readOutcomeWords: Record<ReadOutcome, string> = {
  MATCHED: 'Sidik jari cocok',
  NOT_MATCHED: 'Sidik jari tidak cocok',
  CARD_REMOVED: 'Kartu diangkat sebelum selesai',
  CARD_UNKNOWN: 'Bukan KTP-el',
  CARD_UNREADABLE: 'Cip tidak terbaca',
  CARD_TIMEOUT: 'Kartu tidak diletakkan',
  FINGER_TIMEOUT: 'Jari tidak diletakkan',
  CANCELLED: 'Dibatalkan petugas',
  READER_FAULT: 'Alat baca bermasalah',
  SAM_FAULT: 'SAM bermasalah',
  AGENT_LOST: 'Sambungan alat baca terputus',
};

export const exceptionReasonWords: Record<ExceptionReason, string> = {
  WORN_FINGER: 'Sidik jari aus',
  INJURED_FINGER: 'Jari terluka',
  DAMAGED_CARD: 'Kartu rusak',
  READER_OUT_OF_ORDER: 'Alat baca rusak',
};

export const exceptionDecisionWords: Record<(typeof exceptionDecisions)[number], string> = {
  approved: 'Disetujui',
  rejected: 'Ditolak',
};

export const incidentWords: Record<(typeof incidentKinds)[number], string> = {
  BREAKER_OPEN: 'Layanan Dukcapil tidak dapat dihubungi',
  ACCESS_BROKEN: 'Akses ditolak oleh layanan Dukcapil',
  QUOTA_USED_UP: 'Kuota habis menurut layanan Dukcapil',
  OUTSIDE_HOURS: 'Di luar jam layanan Dukcapil',
};

export const agreementStateWords: Record<RegisterAgreement['state'], string> = {
  draft: 'Rancangan',
  'in-force': 'Berlaku',
  ended: 'Berakhir',
  closing: 'Dalam penutupan',
  closed: 'Ditutup',
};

export const readerStateWords: Record<RegisterReader['state'], string> = {
  CONNECTED: 'Tersambung',
  DISCONNECTED: 'Tidak tersambung',
  NOT_JOINED: 'Belum dipasangkan',
  REVOKED: 'Dicabut',
};

export const samStateWords: Record<RegisterSam['state'], string> = {
  REQUESTED: 'Diminta',
  PERSONALISED: 'Dipersonalisasi',
  ACTIVE: 'Aktif',
  RETURNED: 'Dikembalikan',
  DEACTIVATED: 'Dinonaktifkan',
};

/** Answers to data balikan that was delivered, as `receipt` has them. */
export const balikanReceipts = ['SUCCESS', 'ALREADY_SENT', 'MEDIA'] as const;
export const balikanReceiptWords: Record<(typeof balikanReceipts)[number], string> = {
  SUCCESS: 'Diterima',
  ALREADY_SENT: 'Sudah pernah dikirim',
  MEDIA: 'Tanda terima media',
};

/** Why something was refused or came to nothing, short enough for a table; what to do about it is in `errors`. */
export const errorWords: Record<ErrorCode, string> = {
  REQUEST_MALFORMED: 'Permintaan bukan JSON',
  REQUEST_INVALID: 'Isian salah',
  BODY_TOO_LARGE: 'Permintaan terlalu besar',
  HEADERS_TOO_LARGE: 'Header terlalu besar',
  MEDIA_TYPE_UNSUPPORTED: 'Jenis isi tidak dilayani',
  ROUTE_NOT_FOUND: 'Alamat layanan tidak ada',
  METHOD_NOT_ALLOWED: 'Cara panggil tidak dilayani',
  RATE_LIMITED: 'Permintaan terlalu cepat',
  PERIOD_NOT_BEGUN: 'Periode belum dimulai',
  TEMPLATE_MISSING: 'Formulir belum diunggah',
  TEMPLATE_INVALID: 'Formulir tidak dapat dipakai',
  READER_BUSY: 'Alat baca sedang dipakai',
  READER_OFFLINE: 'Alat baca tidak tersambung',
  READER_NOT_READY: 'Alat baca belum siap',
  READER_REVOKED: 'Alat baca dicabut',
  SAM_NOT_ACTIVATED: 'SAM belum aktif',
  PERMIT_INVALID: 'Izin alat baca habis',
  AGENT_REVOKED: 'Sambungan alat baca dicabut',
  JOIN_CODE_INVALID: 'Kode sambungan salah',
  TOKEN_MISSING: 'Tanpa token',
  TOKEN_INVALID: 'Token tidak sah',
  TOKEN_EXPIRED: 'Token kedaluwarsa',
  CLIENT_INVALID: 'Aplikasi tidak dikenal',
  CLIENT_REVOKED: 'Akses aplikasi dicabut',
  CERTIFICATE_REQUIRED: 'Tanpa sertifikat aplikasi',
  GRANT_TYPE_UNSUPPORTED: 'Cara minta token tidak dilayani',
  SCOPE_INVALID: 'Lingkup tidak diberikan',
  SCOPE_MISSING: 'Lingkup tidak ada pada token',
  ROLE_NOT_ALLOWED: 'Peran tidak berwenang',
  OPERATOR_REQUIRED: 'Tanpa nama petugas',
  OPERATOR_UNKNOWN: 'Petugas tidak dikenal',
  OPERATOR_INACTIVE: 'Petugas tidak aktif',
  SESSION_REQUIRED: 'Harus masuk sendiri',
  SESSION_EXPIRED: 'Sesi berakhir',
  CSRF_INVALID: 'Bukan dari halaman Gerbang PATEN',
  LOGIN_FAILED: 'Gagal masuk',
  LOGIN_BLOCKED: 'Terlalu sering gagal masuk',
  ACTIVATION_FAILED: 'Gagal aktivasi',
  PASSWORD_UNSUITABLE: 'Kata sandi mudah ditebak',
  RESOURCE_NOT_FOUND: 'Data yang dicari tidak ada',
  ALREADY_EXISTS: 'Sudah ada',
  STATE_CONFLICT: 'Tidak dapat pada keadaan sekarang',
  SECOND_PERSON_REQUIRED: 'Perlu orang kedua',
  PROPOSAL_DECIDED: 'Usulan sudah diputuskan',
  CLOSING_INCOMPLETE: 'Langkah penutupan belum selesai',
  ACCESS_STOPPED: 'Akses kecamatan sedang diputus',
  OUTSIDE_WORKING_HOURS: 'Di luar jam kerja petugas',
  AGREEMENT_MISSING: 'Belum ada perjanjian',
  AGREEMENT_NOT_STARTED: 'Perjanjian belum mulai berlaku',
  AGREEMENT_ENDED: 'Perjanjian sudah berakhir',
  AGREEMENT_CLOSED: 'Perjanjian sudah ditutup',
  SPTJM_MISSING: 'Belum ada SPTJM',
  NDA_MISSING: 'Petugas belum menandatangani NDA',
  NETWORK_NOT_ALLOWED: 'Di luar jaringan tertutup',
  FIELD_NOT_GRANTED: 'Unsur data tidak diberikan',
  MODE_NOT_GRANTED: 'Cara pemeriksaan tidak diberikan',
  PURPOSE_REQUIRED: 'Tanpa tujuan pemeriksaan',
  PURPOSE_NOT_ALLOWED: 'Tujuan tidak didaftarkan untuk aplikasi',
  QUOTA_NOT_GRANTED: 'Kuota belum diatur',
  NOT_IN_CHECKPOINT: 'Belum masuk checkpoint',
  RECEIPT_MALFORMED: 'Kode bukti salah tulis',
  EVIDENCE_MISMATCH: 'Catatan dan bukti tidak cocok',
  EVIDENCE_ROLLED_BACK: 'Basis data tidak cocok dengan checkpoint',
  EVIDENCE_STALLED: 'Pencatatan bukti tertinggal',
  EVIDENCE_CONFLICT: 'Nomor catatan sudah dipakai',
  NIK_INVALID: 'NIK salah tulis',
  NIK_NEEDS_CONFIRMATION: 'NIK janggal, belum dikonfirmasi',
  PERSON_NOT_ACCESSED: 'Warga belum pernah diperiksa',
  RECORD_DIFFERS: 'Nomor register dengan isi lain',
  QUOTA_EXHAUSTED: 'Kuota harian habis',
  ALREADY_ANSWERED: 'Permintaan sudah dijawab',
  REQUEST_IN_PROGRESS: 'Permintaan sedang diproses',
  IDEMPOTENCY_KEY_REUSED: 'Kunci permintaan dipakai ulang',
  UPSTREAM_NOT_CONFIGURED: 'Akses Dukcapil belum diatur',
  UPSTREAM_CLOSED: 'Di luar jam layanan Dukcapil',
  UPSTREAM_ACCESS_BROKEN: 'Akses ditolak oleh Dukcapil',
  UPSTREAM_UNAVAILABLE: 'Layanan Dukcapil tidak dapat dihubungi',
  UPSTREAM_TIMEOUT: 'Layanan Dukcapil tidak menjawab tepat waktu',
  UPSTREAM_UNKNOWN: 'Jawaban Dukcapil tidak dikenali',
  EVIDENCE_UNAVAILABLE: 'Bukti tidak dapat dicatat',
  SERVICE_UNAVAILABLE: 'Layanan gerbang tidak tersedia',
  SERVICE_TIMEOUT: 'Layanan gerbang tidak menjawab tepat waktu',
  OVERLOADED: 'Terlalu banyak pemeriksaan bersamaan',
  INTERNAL_ERROR: 'Kesalahan yang tidak terduga',
};

/** Of a code that may be newer than these words: the code itself then, so that nothing is left out. */
export const wordsOf = (words: Readonly<Record<string, string>>, code: string): string =>
  Object.hasOwn(words, code) ? words[code]! : code;
