import type { NewLetter } from '#contracts';
import type { LetterFacts, LetterOf } from './facts.js';
import { breachNotice } from './kinds/breach-notice.js';
import { closedNetworkStatement } from './kinds/closed-network-statement.js';
import { dataBalikanHandover } from './kinds/data-balikan-handover.js';
import { ndaForm } from './kinds/nda-form.js';
import { officeHolderChange } from './kinds/office-holder-change.js';
import { quotaRequest } from './kinds/quota-request.js';
import { samConfigurationReturn } from './kinds/sam-configuration-return.js';
import { sptjmForm } from './kinds/sptjm-form.js';
import { userIdRequest } from './kinds/user-id-request.js';
import { placeOf } from './kinds/words.js';
import { writeDocx } from './paper/docx-file.js';
import type { Paper } from './paper/paper.js';

const composers: { [K in NewLetter['kind']]: (letter: LetterOf<K>, facts: LetterFacts) => Paper } = {
  USER_ID_REQUEST: userIdRequest,
  CLOSED_NETWORK_STATEMENT: closedNetworkStatement,
  QUOTA_REQUEST: quotaRequest,
  OFFICE_HOLDER_CHANGE: officeHolderChange,
  SAM_CONFIGURATION_RETURN: samConfigurationReturn,
  SPTJM_FORM: sptjmForm,
  NDA_FORM: ndaForm,
  DATA_BALIKAN_HANDOVER: dataBalikanHandover,
  BREACH_NOTICE: breachNotice,
};

/** What a letter says. */
export const composeLetter = (letter: NewLetter, facts: LetterFacts): Paper =>
  (composers[letter.kind] as (letter: NewLetter, facts: LetterFacts) => Paper)(letter, facts);

/** As a file; the same letter and facts give the same bytes. */
export function renderLetter(letter: NewLetter, facts: LetterFacts, madeAt: Date): Promise<Buffer> {
  const { number, on, letterhead, register } = facts;
  const { name: office, address } = register.institution;
  const { government, contact } = letterhead;
  const head = { government, office, address, contact, place: placeOf(facts), number, on };
  return writeDocx(composeLetter(letter, facts), head, madeAt);
}

/** Whose O-05 columns it needs. */
export const officialsOf = (letter: NewLetter): string[] =>
  letter.kind === 'USER_ID_REQUEST' ? [...new Set(letter.operatorIds)] : [];

/** Everybody whom it names beside the Camat. */
export function peopleOf(letter: NewLetter): string[] {
  switch (letter.kind) {
    case 'USER_ID_REQUEST':
      return letter.operatorIds;
    case 'OFFICE_HOLDER_CHANGE':
      return [letter.leavingId, letter.comingId];
    case 'NDA_FORM':
      return [letter.operatorId];
    default:
      return [];
  }
}
