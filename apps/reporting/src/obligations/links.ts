import type { Obligation } from '#contracts';

type Link = Obligation['evidence'][number];

/** Calls of the API that show the proof of an obligation; `id` is the institution's. */
export const links = {
  reports: (): Link => ({ label: 'Laporan', href: '/v1/reports' }),
  report: (reportId: string): Link => ({ label: 'Laporan ini', href: `/v1/reports/${reportId}` }),
  duties: (): Link => ({ label: 'Permintaan dan kejadian', href: '/v1/duties' }),
  coverage: (from: string, to: string): Link => ({
    label: 'Cakupan data balikan',
    href: `/v1/data-balikan/coverage?from=${from}&to=${to}`,
  }),
  delivery: (): Link => ({ label: 'Pengiriman data balikan', href: '/v1/data-balikan/delivery' }),
  readers: (): Link => ({ label: 'Alat baca', href: '/v1/readers' }),
  accessRights: (): Link => ({ label: 'Hak akses', href: '/v1/access-rights' }),
  agreements: (id: string): Link => ({ label: 'Perjanjian', href: `/v1/admin/institutions/${id}/agreements` }),
  operators: (id: string): Link => ({ label: 'Operator', href: `/v1/admin/institutions/${id}/operators` }),
  sams: (id: string): Link => ({ label: 'Kartu SAM', href: `/v1/admin/institutions/${id}/sams` }),
  upstream: (id: string): Link => ({ label: 'Akses Dukcapil', href: `/v1/admin/institutions/${id}/upstream` }),
  events: (id: string): Link => ({ label: 'Catatan administrasi', href: `/v1/admin/institutions/${id}/events` }),
};
