import { parse } from 'lossless-json';
import type { ElementMatch, ElementName, Outcome, PersonElements } from '#contracts';
import { readElements } from './person-elements.js';
import { meaningOfCode, meaningOfText, unknownAnswer, type FaultMeaning } from './ministry-codes.js';

/** What the adapter lets through: an outcome with no more than the elements that were asked, or a fault. */
export type MinistryAnswer =
  | { kind: 'answer'; outcome: Outcome; data?: PersonElements; match?: Partial<Record<ElementName, ElementMatch>> }
  | FaultMeaning;

type WireRecord = Record<string, unknown>;

/** What was asked, so that an answer can be held against it. */
export interface Asked {
  nik: string;
  mode: 'LOOKUP' | 'MATCH';
  fields: readonly ElementName[];
}

/**
 * Reads the ministry's page envelope. Errors come as HTTP 200; numbers are read losslessly, because a NIK above 2^53 does
 * not survive `JSON.parse`. What is not understood is UPSTREAM_UNKNOWN, never "not found", and an answer about another
 * NIK than the one asked is not understood.
 */
export function readAnswer(text: string, asked: Asked): MinistryAnswer {
  let body: unknown;
  try {
    body = parse(text, undefined, (digits) => digits);
  } catch {
    return unknownAnswer;
  }
  const record = onlyRecord(body);
  if (!record) return unknownAnswer;
  const meaning = findMeaning(record);
  if (meaning && !(meaning.kind === 'answer' && meaning.outcome === 'FOUND')) return meaning;
  return asked.mode === 'LOOKUP' ? readLookup(record, asked) : readMatch(record, asked);
}

/** `content` is an array of one, or the object itself. Empty or several: not understood. */
function onlyRecord(body: unknown): WireRecord | undefined {
  if (!isRecord(body)) return undefined;
  const content = 'content' in body ? body.content : body;
  const record = Array.isArray(content) ? (content.length === 1 ? (content[0] as unknown) : undefined) : content;
  return isRecord(record) ? record : undefined;
}

function findMeaning(record: WireRecord) {
  const code = record.RESPONSE_CODE;
  if (typeof code === 'string' && code.trim() !== '') return meaningOfCode(code);
  const text = record.RESPON ?? record.RESPONSE ?? record.RESPONSE_DESC;
  return typeof text === 'string' ? meaningOfText(text) : undefined;
}

function readLookup(record: WireRecord, asked: Asked): MinistryAnswer {
  const data = readElements(record);
  if (data.nik !== asked.nik) return unknownAnswer;
  return {
    kind: 'answer',
    outcome: 'FOUND',
    data: Object.fromEntries(asked.fields.map((name) => [name, data[name]])),
  };
}

/** The element names of CALL_VERIFY_BY_ELEMEN, as sent and as answered. */
export const matchKeys: Partial<Record<ElementName, readonly string[]>> = {
  noKk: ['NO_KK'],
  namaLengkap: ['NAMA_LGKP'],
  jenisKelamin: ['JENIS_KLMIN'],
  tempatLahir: ['TMPT_LHR'],
  tanggalLahir: ['TGL_LHR'],
  jenisPekerjaan: ['JENIS_PKRJN'],
  statusPerkawinan: ['STATUS_KAWIN', 'STAT_KWN'],
  alamat: ['ALAMAT'],
};

function readMatch(record: WireRecord, asked: Asked): MinistryAnswer {
  const match: Partial<Record<ElementName, ElementMatch>> = {};
  for (const name of asked.fields) {
    const word = matchKeys[name]?.map((key) => record[key]).find((value) => typeof value === 'string');
    const read = /^\s*(tidak\s+)?sesuai\s*(?:\(\s*(\d{1,3})\s*%?\s*\))?\s*$/i.exec(word ?? '');
    if (!read) return unknownAnswer;
    match[name] = { agrees: !read[1], ...(read[2] ? { similarity: Math.min(100, Number(read[2])) } : {}) };
  }
  return { kind: 'answer', outcome: 'FOUND', match };
}

function isRecord(value: unknown): value is WireRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
