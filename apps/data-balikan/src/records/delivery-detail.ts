import type { BalikanState, DeliveryFailure } from '#contracts';

/** Why a record has not arrived, for the person who looks at it. */
const reasons: Record<DeliveryFailure, string> = {
  REFUSED: 'Layanan data balikan menolak catatan ini.',
  NOT_CONFIGURED: 'Tujuan data balikan belum diatur untuk kecamatan ini.',
  ACCESS_BROKEN: 'Layanan data balikan menolak token kecamatan ini.',
  UNAVAILABLE: 'Layanan data balikan tidak dapat dihubungi.',
  TIMEOUT: 'Layanan data balikan tidak menjawab tepat waktu; mungkin sudah diterima di sana.',
  UNKNOWN_ANSWER: 'Jawaban layanan data balikan tidak dapat dikenali; mungkin sudah diterima di sana.',
  REFUSED_ON_MEDIA: 'Dinas menolak catatan ini pada tanda terima media.',
  KEY_DESTROYED:
    'Perjanjiannya sudah ditutup dan kuncinya dimusnahkan, sehingga NIK catatan ini tidak dapat dibuka lagi.',
};

/** What happens next, or what somebody has to do, while it waits. */
const whileWaiting: Record<DeliveryFailure, string> = {
  REFUSED: 'Akan dikirim lagi secara otomatis. Bila isinya salah, kirim lagi dengan isi yang benar.',
  NOT_CONFIGURED: 'Minta admin mengatur tujuan data balikan; sesudah itu dikirim secara otomatis.',
  ACCESS_BROKEN: 'Minta admin memasang token yang berlaku; sesudah itu dikirim secara otomatis.',
  UNAVAILABLE: 'Akan dikirim lagi secara otomatis; Anda tidak perlu mengirim ulang.',
  TIMEOUT: 'Akan dikirim lagi secara otomatis; kiriman ganda tidak menjadi masalah.',
  UNKNOWN_ANSWER: 'Akan dikirim lagi secara otomatis; kiriman ganda tidak menjadi masalah.',
  REFUSED_ON_MEDIA:
    'Catatan ini kembali ke antrean dan ikut kiriman atau paket media berikutnya. Bila isinya salah, kirim lagi dengan isi yang benar.',
  KEY_DESTROYED: 'Catat usahanya lagi di bawah perjanjian yang berlaku bila masih perlu dilaporkan.',
};

/** The same when it is not tried any more by itself. */
const whenDead: Record<DeliveryFailure, string> = {
  REFUSED:
    'Periksa isinya bersama Disdukcapil, lalu kirim lagi dengan isi yang benar, minta Camat atau admin mengirim ulang, atau serahkan lewat media.',
  NOT_CONFIGURED: 'Minta admin mengatur tujuan data balikan, lalu minta Camat atau admin mengirim ulang.',
  ACCESS_BROKEN: 'Minta admin memasang token yang berlaku, lalu minta Camat atau admin mengirim ulang.',
  UNAVAILABLE: 'Minta Camat atau admin mengirim ulang, atau serahkan lewat media.',
  TIMEOUT: 'Minta Camat atau admin mengirim ulang, atau serahkan lewat media.',
  UNKNOWN_ANSWER:
    'Minta admin memeriksa jawabannya bersama Disdukcapil, lalu minta Camat atau admin mengirim ulang, atau serahkan lewat media.',
  REFUSED_ON_MEDIA:
    'Periksa isinya bersama Disdukcapil, lalu kirim lagi dengan isi yang benar, atau minta Camat atau admin mengirim ulang.',
  KEY_DESTROYED: whileWaiting.KEY_DESTROYED,
};

/** Indonesian: why a record has not arrived and what to do next; null where there is nothing to tell. */
export function deliveryDetail(state: BalikanState, failure: DeliveryFailure | null): string | null {
  if (!failure || state === 'DELIVERED' || state === 'HANDED_OVER') return null;
  if (state === 'PACKED') return `${reasons[failure]} Catatan ini sekarang ada di paket media.`;
  return `${reasons[failure]} ${(state === 'DEAD' ? whenDead : whileWaiting)[failure]}`;
}
