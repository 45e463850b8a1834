import type { Paddable, Person } from '../people/person.js';

const LACKS = { null: 'null', empty: '""', dash: '"-"', missing: undefined } as const;

/** `1990-07-01` in the given format. */
export function formatDate(isoDate: string, format: Person['wire']['date']): string {
  if (format === 'YYYY-MM-DD') return isoDate;
  const separator = format === 'DD-MM-YYYY' ? '-' : '.';
  return isoDate.split('-').reverse().join(separator);
}

/**
 * A person's record as the service sends it. The JSON text is put together by hand, because a NIK is a bare number with
 * 16 digits that may lie above 2^53: JSON.stringify of a Number would change its last digit.
 */
export function wireRecord(person: Person): string {
  const { wire, extras } = person;
  const lack = LACKS[wire.lackShownAs];
  const text = (value: string | null) => (value === null ? lack : JSON.stringify(value));
  const padded = (name: Paddable) =>
    wire.trailingBlanks.includes(name) && person[name] !== null
      ? JSON.stringify(`${person[name]} `)
      : text(person[name]);
  const number = (value: string | null) => {
    if (value === null) return lack;
    return wire.numbersAsText ? `"${value}"` : value.replace(/^0+(?=\d)/, '');
  };
  const regionKey = (level: string) => (wire.localRegionKeys ? `NAMA_${level}` : `${level}_NAME`);
  const fields: [key: string, json: string | undefined][] = [
    ['NO_KK', number(person.noKk)],
    ['NIK', number(person.nik)],
    ['NAMA_LGKP', padded('namaLengkap')],
    ['JENIS_KLMIN', text(person.jenisKelamin)],
    ['TMPT_LHR', padded('tempatLahir')],
    ['TGL_LHR', text(formatDate(person.tanggalLahir, wire.date))],
    [wire.statusKey, text(person.statusPerkawinan)],
    ['JENIS_PKRJN', padded('jenisPekerjaan')],
    ['ALAMAT', padded('alamat')],
    ['NO_RT', number(person.noRt)],
    ['NO_RW', number(person.noRw)],
    ['DUSUN', text(person.dusun)],
    ['NO_PROP', number(person.noProp)],
    [regionKey('PROP'), text(person.namaProp)],
    ['NO_KAB', number(person.noKab)],
    [regionKey('KAB'), text(person.namaKab)],
    ['NO_KEC', number(person.noKec)],
    [regionKey('KEC'), text(person.namaKec)],
    ['NO_KEL', number(person.noKel)],
    [regionKey('KEL'), padded('namaKel')],
  ];
  if (wire.extras) {
    fields.push(
      ['AGAMA', text(extras.agama)],
      ['GOL_DARAH', text(extras.golonganDarah)],
      ['PDDK_AKH', text(extras.pendidikanAkhir)],
      ['NAMA_LGKP_IBU', text(extras.namaIbu)],
      ['EKTP_STATUS', text(extras.ektpStatus)],
    );
  }
  return `{${fields.flatMap(([key, json]) => (json === undefined ? [] : `"${key}":${json}`)).join(',')}}`;
}
