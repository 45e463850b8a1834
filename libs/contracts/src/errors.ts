export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface ErrorDefinition {
  /** HTTP status that the gateway answers with. */
  status: number;
  /** English, for the programmer. */
  title: string;
  /** Indonesian, for the person at the counter: what to do next. */
  detail: string;
  /** The same request may succeed later, unchanged. */
  retryable: boolean;
  logLevel: LogLevel;
}

const entry = (
  status: number,
  title: string,
  detail: string,
  { retryable = false, logLevel = 'info' }: { retryable?: boolean; logLevel?: LogLevel } = {},
): ErrorDefinition => ({ status, title, detail, retryable, logLevel });

/** The closed table of errors: whatever else goes wrong is INTERNAL_ERROR. docs/errors.md is made from it. */
const table = {
  // the request
  REQUEST_MALFORMED: entry(
    400,
    'Body is not valid JSON',
    'Isi permintaan bukan JSON yang benar. Perbaiki isi permintaan lalu kirim lagi.',
  ),
  REQUEST_INVALID: entry(
    422,
    'Request does not fit the contract',
    'Ada isian yang salah. Perbaiki setiap butir di "issues" lalu kirim lagi.',
  ),
  BODY_TOO_LARGE: entry(413, 'Body is too large', 'Isi permintaan terlalu besar. Kirim hanya isian yang diminta.'),
  HEADERS_TOO_LARGE: entry(
    431,
    'Headers are too large',
    'Header permintaan terlalu besar. Kirim hanya header yang diperlukan.',
  ),
  MEDIA_TYPE_UNSUPPORTED: entry(
    415,
    'Content type is not supported',
    'Kirim isi permintaan dengan Content-Type yang tertulis di /docs.',
  ),
  ROUTE_NOT_FOUND: entry(404, 'No such route', 'Alamat ini tidak ada. Lihat daftar layanan di /docs.'),
  METHOD_NOT_ALLOWED: entry(
    405,
    'Method not allowed',
    'Cara panggil (method) ini tidak dilayani pada alamat ini. Lihat /docs.',
  ),
  RATE_LIMITED: entry(
    429,
    'Too many requests in a short time',
    'Terlalu banyak permintaan dalam waktu singkat. Tunggu sebentar lalu kirim lagi; kuota tidak berkurang.',
    { retryable: true },
  ),

  // reports and letters
  PERIOD_NOT_BEGUN: entry(
    422,
    'The period lies in the future, or before the first agreement',
    'Periode ini belum dimulai atau sebelum ada perjanjian. Pilih periode lain.',
  ),
  TEMPLATE_MISSING: entry(
    404,
    'No form of the ministry was uploaded',
    'Formulir kementerian belum diunggah. Admin mengunggahnya, lalu memetakan sel bernamanya.',
  ),
  TEMPLATE_INVALID: entry(
    422,
    'Not an XLSX file with named cells',
    'Berkas ini bukan XLSX dengan sel bernama, atau terlalu besar. Buka di Excel, beri nama sel yang akan diisi, lalu unggah lagi.',
  ),

  // readers
  READER_BUSY: entry(
    409,
    'Reader has another read under way',
    'Alat baca sedang dipakai. Tunggu sampai selesai, atau minta pemakainya membatalkan.',
    { retryable: true },
  ),
  READER_OFFLINE: entry(
    503,
    'No agent answers for this reader',
    'Alat baca tidak tersambung. Nyalakan komputer dan alat baca, lalu jalankan "reader-agent check" di komputer itu.',
    { retryable: true, logLevel: 'warn' },
  ),
  READER_NOT_READY: entry(
    409,
    'Reader, SAM or permit is not in order',
    'Alat baca belum siap. Jalankan "reader-agent check" di komputer itu: ia menyebut bagian yang bermasalah.',
    { logLevel: 'warn' },
  ),
  READER_REVOKED: entry(403, 'Reader is revoked', 'Alat baca ini sudah dicabut. Hubungi admin kecamatan.', {
    logLevel: 'warn',
  }),
  SAM_NOT_ACTIVATED: entry(
    403,
    'No activated SAM is registered for this reader',
    'SAM alat baca ini belum diaktifkan atau belum didaftarkan. Hubungi admin kecamatan (SIFILMA).',
    { logLevel: 'warn' },
  ),
  PERMIT_INVALID: entry(
    403,
    'Permit of the reader is missing, expired or for another reader',
    'Izin alat baca habis. Periksa sambungan dan jam komputer alat baca, lalu coba lagi.',
    { logLevel: 'warn' },
  ),
  AGENT_REVOKED: entry(
    403,
    'Agent is revoked',
    'Sambungan komputer alat baca ini sudah dicabut. Minta kode baru ke admin.',
    {
      logLevel: 'warn',
    },
  ),
  JOIN_CODE_INVALID: entry(
    403,
    'Join code is wrong, used or expired',
    'Kode salah, sudah dipakai, atau habis waktunya. Minta kode baru ke admin kecamatan.',
    { logLevel: 'warn' },
  ),

  // who asks
  TOKEN_MISSING: entry(
    401,
    'No bearer token',
    'Minta token di /oauth/token lalu kirim di header Authorization: Bearer.',
  ),
  TOKEN_INVALID: entry(401, 'Bearer token is not valid', 'Token tidak sah. Minta token baru di /oauth/token.', {
    logLevel: 'warn',
  }),
  TOKEN_EXPIRED: entry(401, 'Bearer token has expired', 'Masa berlaku token habis. Minta token baru di /oauth/token.'),
  CLIENT_INVALID: entry(
    401,
    'Client authentication failed',
    'Client ID atau secret salah. Periksa pengaturan aplikasi atau hubungi admin kecamatan.',
    { logLevel: 'warn' },
  ),
  CLIENT_REVOKED: entry(
    403,
    'Client is revoked or has expired',
    'Akses aplikasi ini sudah dicabut atau habis masa berlakunya. Hubungi admin kecamatan.',
    { logLevel: 'warn' },
  ),
  CERTIFICATE_REQUIRED: entry(
    401,
    'Client certificate is missing or another one',
    'Aplikasi ini harus terhubung dengan sertifikatnya sendiri. Periksa pengaturan sertifikat aplikasi.',
    { logLevel: 'warn' },
  ),
  GRANT_TYPE_UNSUPPORTED: entry(400, 'Grant type is not supported', 'Gunakan grant_type=client_credentials.'),
  SCOPE_INVALID: entry(
    400,
    'Scope is unknown or not granted to the client',
    'Scope yang diminta tidak diberikan kepada aplikasi ini. Hubungi admin kecamatan.',
  ),
  SCOPE_MISSING: entry(
    403,
    'Token lacks the scope',
    'Token ini tidak memuat scope yang diperlukan. Minta token dengan scope tersebut.',
  ),
  ROLE_NOT_ALLOWED: entry(403, 'Role may not do this', 'Peran Anda tidak berwenang untuk layanan ini.'),
  OPERATOR_REQUIRED: entry(
    403,
    'No operator named',
    'Permintaan ini harus atas nama operator. Minta token dengan operator=<User ID lokal>.',
  ),
  OPERATOR_UNKNOWN: entry(
    400,
    'Operator is unknown',
    'User ID lokal operator tidak dikenal di kecamatan ini. Periksa ejaannya atau daftarkan operator.',
  ),
  OPERATOR_INACTIVE: entry(403, 'Operator is not active', 'Operator ini tidak aktif. Hubungi admin kecamatan.', {
    logLevel: 'warn',
  }),
  SESSION_REQUIRED: entry(
    403,
    'Only for a person who has logged in',
    'Layanan ini hanya untuk petugas yang masuk (login) sendiri, bukan untuk token aplikasi.',
  ),
  SESSION_EXPIRED: entry(401, 'Session has ended', 'Sesi Anda sudah berakhir. Masuk (login) lagi.'),
  CSRF_INVALID: entry(
    403,
    'CSRF token or origin is wrong',
    'Permintaan ini tidak berasal dari halaman Gerbang PATEN. Muat ulang halaman lalu coba lagi.',
    { logLevel: 'warn' },
  ),
  LOGIN_FAILED: entry(
    401,
    'Log-in failed',
    'Nama pengguna, kata sandi, atau kode salah. Camat, admin, dan evaluator harus mengisi kode 6 angka.',
    { logLevel: 'warn' },
  ),
  LOGIN_BLOCKED: entry(
    429,
    'Too many failed attempts',
    'Terlalu banyak percobaan masuk yang gagal dari komputer ini. Tunggu sebentar lalu coba lagi.',
    { retryable: true, logLevel: 'warn' },
  ),
  ACTIVATION_FAILED: entry(
    401,
    'Activation failed',
    'Nama pengguna atau kode aktivasi salah atau kedaluwarsa. Minta kode aktivasi baru.',
    { logLevel: 'warn' },
  ),
  PASSWORD_UNSUITABLE: entry(
    422,
    'Password is too easy to guess',
    'Kata sandi ini mudah ditebak. Pilih beberapa kata yang tidak berkaitan, sedikitnya 12 huruf.',
  ),

  // administration
  RESOURCE_NOT_FOUND: entry(
    404,
    'No such resource, or it is not yours to see',
    'Data yang dicari tidak ada. Periksa kembali alamat atau nomornya.',
  ),
  ALREADY_EXISTS: entry(409, 'It exists already', 'Data ini sudah ada. Gunakan nama atau nomor lain.'),
  STATE_CONFLICT: entry(
    409,
    'Not possible in the present state',
    'Tindakan ini tidak dapat dilakukan pada keadaan sekarang. Lihat butir di "issues".',
  ),
  SECOND_PERSON_REQUIRED: entry(
    403,
    'Another person has to decide',
    'Anda tidak boleh menyetujui usulan sendiri. Minta orang lain yang berwenang memutuskannya.',
  ),
  PROPOSAL_DECIDED: entry(
    409,
    'Proposal has been decided',
    'Usulan ini sudah diputuskan atau kedaluwarsa. Buat usulan baru bila masih perlu.',
  ),
  CLOSING_INCOMPLETE: entry(
    409,
    'Closing steps are missing',
    'Perjanjian belum dapat ditutup. Selesaikan dan catat setiap langkah pada "issues".',
  ),

  // what the agreement allows
  ACCESS_STOPPED: entry(
    403,
    'Access of the institution is stopped',
    'Akses kecamatan ini sedang diputus (putus akses). Hubungi Camat atau Disdukcapil.',
    { logLevel: 'warn' },
  ),
  OUTSIDE_WORKING_HOURS: entry(
    403,
    'Outside the working hours of the operator',
    'Pemeriksaan hanya boleh pada jam kerja operator ini. Coba lagi pada jam kerja.',
  ),
  AGREEMENT_MISSING: entry(
    403,
    'No agreement on file',
    'Belum ada perjanjian kerja sama (PKS) yang tercatat. Hubungi Camat.',
    { logLevel: 'warn' },
  ),
  AGREEMENT_NOT_STARTED: entry(
    403,
    'Agreement is not in force yet',
    'Perjanjian kerja sama (PKS) belum mulai berlaku. Tunggu tanggal mulainya.',
    { logLevel: 'warn' },
  ),
  AGREEMENT_ENDED: entry(
    403,
    'Agreement has ended',
    'Perjanjian kerja sama (PKS) sudah berakhir sehingga akses data ditutup. Hubungi Camat untuk perpanjangan.',
    { logLevel: 'warn' },
  ),
  AGREEMENT_CLOSED: entry(
    409,
    'Agreement is closed',
    'Perjanjian ini sudah ditutup dan kuncinya dimusnahkan; tidak dapat dibuka lagi. Buat perjanjian baru.',
  ),
  SPTJM_MISSING: entry(
    403,
    'Statement of absolute responsibility is not on file',
    'SPTJM yang ditandatangani Camat belum tercatat. Catat SPTJM dahulu.',
    { logLevel: 'warn' },
  ),
  NDA_MISSING: entry(
    403,
    'Operator has no valid confidentiality statement',
    'Operator ini belum menandatangani pernyataan kerahasiaan (NDA). Tandatangani dan catat NDA dahulu.',
    { logLevel: 'warn' },
  ),
  NETWORK_NOT_ALLOWED: entry(
    403,
    'Source address is outside the closed network',
    'Alamat komputer ini di luar jaringan tertutup kecamatan. Gunakan komputer di jaringan kantor.',
    { logLevel: 'warn' },
  ),
  FIELD_NOT_GRANTED: entry(
    403,
    'Element is not granted',
    'Unsur data pada "issues" tidak diberikan oleh perjanjian. Hapus unsur itu dari permintaan.',
  ),
  MODE_NOT_GRANTED: entry(
    403,
    'Mode is not granted',
    'User ID perjanjian ini tidak mencakup cara pemeriksaan tersebut (ambil data atau cocokkan data).',
  ),
  PURPOSE_REQUIRED: entry(
    422,
    'Purpose is required',
    'Sebutkan tujuan pemeriksaan: layanan (service) dan nomor berkas (reference).',
  ),
  PURPOSE_NOT_ALLOWED: entry(
    403,
    'Purpose is not allowed for this client',
    'Aplikasi ini tidak didaftarkan untuk layanan tersebut. Hubungi admin kecamatan.',
  ),
  QUOTA_NOT_GRANTED: entry(403, 'No quota on file', 'Kuota akses belum diatur untuk kecamatan ini. Hubungi admin.', {
    logLevel: 'error',
  }),

  // evidence
  NOT_IN_CHECKPOINT: entry(
    409,
    'Not part of a signed checkpoint yet',
    'Catatan ini belum masuk checkpoint yang ditandatangani. Coba lagi dalam satu menit atau minta checkpoint baru.',
    { retryable: true },
  ),
  RECEIPT_MALFORMED: entry(
    422,
    'Not a receipt',
    'Kode bukti salah tulis. Periksa kembali setiap huruf dan angka, termasuk tanda terakhir.',
  ),
  EVIDENCE_MISMATCH: entry(
    409,
    'A register does not say what the evidence log committed to',
    'Catatan dan bukti tidak cocok, sehingga laporan tidak dibuat. Hubungi admin: sebutkan nomor korelasi ini.',
    { logLevel: 'error' },
  ),
  EVIDENCE_ROLLED_BACK: entry(
    503,
    'The database does not fit the last signed checkpoint',
    'Basis data tidak cocok dengan checkpoint terakhir (mungkin dipulihkan dari cadangan). Admin harus mengakui celah ini dahulu.',
    { logLevel: 'error' },
  ),
  EVIDENCE_STALLED: entry(
    503,
    'Evidence lags too far behind',
    'Pencatatan bukti tertinggal terlalu lama, sehingga pemeriksaan dihentikan. Hubungi admin.',
    { retryable: true, logLevel: 'error' },
  ),
  EVIDENCE_CONFLICT: entry(
    500,
    'Another event has this id',
    'Catatan dengan nomor ini sudah ada dengan isi lain. Laporkan nomor korelasi ini kepada admin.',
    { logLevel: 'error' },
  ),

  // the NIK
  NIK_INVALID: entry(
    422,
    'NIK is not valid',
    'NIK salah tulis. Periksa kembali 16 angka pada KTP-el; kuota tidak berkurang.',
  ),
  NIK_NEEDS_CONFIRMATION: entry(
    409,
    'NIK looks mistyped',
    'NIK ini tampak janggal. Periksa kembali; bila sudah benar, kirim lagi dengan confirmWarnings: true. Kuota belum berkurang.',
  ),

  // data balikan
  PERSON_NOT_ACCESSED: entry(
    422,
    'This person was never looked up under this agreement',
    'Data balikan hanya untuk warga yang NIK-nya sudah diperiksa di bawah perjanjian ini. Periksa NIK-nya dahulu.',
  ),
  RECORD_DIFFERS: entry(
    409,
    'This register number was accepted for this person with other content',
    'Nomor register ini sudah diterima untuk orang yang sama dengan isi yang berbeda, dan sudah terkirim atau sedang dalam pengiriman, sehingga tidak dapat diubah. Periksa kembali nomornya.',
  ),

  // hits and repeats
  QUOTA_EXHAUSTED: entry(
    429,
    'Quota of the day is used up',
    'Kuota akses hari ini telah habis. Coba lagi besok setelah pukul 00.00 WIB.',
    { logLevel: 'warn' },
  ),
  ALREADY_ANSWERED: entry(
    409,
    'This Idempotency-Key was answered',
    'Permintaan dengan Idempotency-Key ini sudah dijawab dan jawabannya tidak disimpan. Untuk memeriksa lagi, gunakan kunci baru (kuota berkurang satu).',
  ),
  REQUEST_IN_PROGRESS: entry(
    409,
    'The same Idempotency-Key is being answered',
    'Permintaan yang sama sedang diproses. Tunggu jawabannya.',
    { retryable: true },
  ),
  IDEMPOTENCY_KEY_REUSED: entry(
    422,
    'Idempotency-Key was used for another request',
    'Idempotency-Key ini sudah dipakai untuk permintaan lain. Gunakan kunci baru.',
  ),

  // the way to the ministry
  UPSTREAM_NOT_CONFIGURED: entry(
    503,
    'Ministry access is not configured',
    'Akses ke layanan Dukcapil belum diatur untuk kecamatan ini. Hubungi admin.',
    { logLevel: 'error' },
  ),
  UPSTREAM_CLOSED: entry(
    503,
    'Ministry service is outside its hours',
    'Layanan Dukcapil sedang di luar jam layanan. Coba lagi pada jam layanan.',
    { retryable: true, logLevel: 'warn' },
  ),
  UPSTREAM_ACCESS_BROKEN: entry(
    503,
    'The ministry refuses our access',
    'Akses kecamatan ditolak oleh layanan Dukcapil. Admin harus memeriksa User ID, kata sandi atau IP; pemeriksaan dihentikan sampai diperbaiki.',
    { logLevel: 'error' },
  ),
  UPSTREAM_UNAVAILABLE: entry(
    503,
    'Ministry service is unavailable',
    'Layanan Dukcapil sedang tidak dapat dihubungi. Coba lagi beberapa menit lagi.',
    { retryable: true, logLevel: 'warn' },
  ),
  UPSTREAM_TIMEOUT: entry(
    504,
    'Ministry service did not answer in time',
    'Layanan Dukcapil tidak menjawab tepat waktu. Satu kuota mungkin terpakai. Coba lagi beberapa saat lagi.',
    { retryable: true, logLevel: 'warn' },
  ),
  UPSTREAM_UNKNOWN: entry(
    502,
    'Ministry answer was not understood',
    'Jawaban layanan Dukcapil tidak dapat dikenali, jadi bukan berarti data tidak ada. Laporkan nomor korelasi ini kepada admin.',
    { logLevel: 'error' },
  ),

  // ourselves
  EVIDENCE_UNAVAILABLE: entry(
    503,
    'Evidence cannot be written',
    'Bukti akses tidak dapat dicatat, sehingga pemeriksaan tidak dilakukan. Coba lagi; bila tetap, hubungi admin.',
    { retryable: true, logLevel: 'error' },
  ),
  SERVICE_UNAVAILABLE: entry(
    503,
    'A service is not available',
    'Layanan sedang tidak tersedia. Coba lagi sebentar lagi.',
    { retryable: true, logLevel: 'error' },
  ),
  SERVICE_TIMEOUT: entry(
    504,
    'A service did not answer in time',
    'Layanan tidak menjawab tepat waktu. Coba lagi sebentar lagi.',
    { retryable: true, logLevel: 'error' },
  ),
  OVERLOADED: entry(
    503,
    'Too much work at once',
    'Terlalu banyak pemeriksaan bersamaan. Coba lagi sebentar lagi; kuota tidak berkurang.',
    { retryable: true, logLevel: 'warn' },
  ),
  INTERNAL_ERROR: entry(
    500,
    'Unexpected error',
    'Terjadi kesalahan yang tidak terduga. Laporkan nomor korelasi ini kepada admin.',
    { logLevel: 'error' },
  ),
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof table;
export const errors: Record<ErrorCode, ErrorDefinition> = table;
export const errorCodes = Object.keys(table) as [ErrorCode, ...ErrorCode[]];
