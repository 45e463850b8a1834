import type { ReportContent } from '#contracts';
import { dayText, percentText } from '#paper';
import { listTable, type ReportTable } from './table.js';

export function quotaTable({ figures: { quota } }: ReportContent): ReportTable {
  const { peak } = quota;
  return listTable('kuota', 'Pemakaian kuota harian', [
    ['Hari dengan perjanjian yang berlaku', quota.days, 'hari dalam periode, sampai checkpoint'],
    ['Jumlah kuota hari-hari itu', quota.granted, 'hit'],
    [
      'Hit yang terpakai',
      quota.used,
      quota.granted > 0 ? `${percentText(quota.used, quota.granted)} dari kuota` : 'hit',
    ],
    ['Hit pada hari tersibuk', peak?.hits ?? 0, peak ? `${dayText(peak.day)}` : 'tidak ada hit'],
    ['Kuota pada hari tersibuk', peak?.limit ?? 0, peak ? `terpakai ${percentText(peak.hits, peak.limit)}` : ''],
    ['Persentil ke-95 hit per hari', quota.p95, '95 % hari tidak melebihinya'],
    ['Hari dengan kuota habis', quota.exhaustedDays, 'hari'],
    ['Permintaan ditolak karena kuota habis', quota.refused, 'permintaan'],
  ]);
}
