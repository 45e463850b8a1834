import { dayOf } from '#paper';
import { inForceOn } from '../agreement-term.js';
import { links } from '../links.js';
import { defineRule } from '../rule.js';

/** O-03: the User ID that the office was given is there and is not refused by the ministry. */
export const userId = defineRule({
  name: 'user-id',
  clause: 'O-03',
  title: 'User ID akses NIK',
  needs: ['register', 'standing'],
  assess({ institutionId, register, standing: { upstream } }, now) {
    if (inForceOn(register.agreements, dayOf(now)).length === 0)
      return [{ state: 'NOT_APPLICABLE', facts: [['Perjanjian', 'Tidak ada yang berlaku']] }];
    const evidence = [links.upstream(institutionId)];
    if (upstream.state === 'not-configured')
      return [
        {
          state: 'OVERDUE',
          facts: [['User ID', 'Belum diatur']],
          evidence,
          nextStep:
            'Camat meminta User ID kepada Disdukcapil dengan surat (gerbang letter draft), lalu admin mengaturnya (gerbang upstream configure).',
        },
      ];
    if (upstream.state === 'access-broken')
      return [
        {
          state: 'OVERDUE',
          facts: [['User ID', 'Ditolak oleh layanan Dukcapil']],
          evidence,
          nextStep:
            'Admin memeriksa User ID, kata sandi dan alamat jaringan bersama Disdukcapil, lalu mengaktifkan kembali akses.',
        },
      ];
    return [{ state: 'IN_ORDER', facts: [['User ID', 'Diatur']], evidence }];
  },
});
