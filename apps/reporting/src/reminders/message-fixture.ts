import { randomUUID } from 'node:crypto';
import type { Message } from './courier.js';

export const makeMessage = (overrides: Partial<Message> = {}): Message => ({
  id: randomUUID(),
  institutionId: '11111111-1111-4111-8111-111111111111',
  rule: 'semester-report',
  clause: 'O-20',
  obligationState: 'DUE_SOON',
  recipient: 'camat@contoh.example',
  office: 'Kecamatan Contoh',
  title: 'Laporan semester',
  dueOn: '2026-06-30',
  dueAt: null,
  nextStep: 'Camat menyetujui laporan di menu Laporan.',
  createdAt: new Date('2026-06-01T00:00:05Z'),
  ...overrides,
});
