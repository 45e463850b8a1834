import type { FactName } from '../facts.js';
import type { Rule } from '../rule.js';
import { agreementEnd } from './agreement-end.js';
import { balikanCoverage } from './balikan-coverage.js';
import { balikanDelivery } from './balikan-delivery.js';
import { breachNotice } from './breach-notice.js';
import { closedNetwork } from './closed-network.js';
import { closingSupplement } from './closing-supplement.js';
import { emergencyStop } from './emergency-stop.js';
import { officeHolderLetters } from './office-holder-letters.js';
import { operatorNda } from './operator-nda.js';
import { personTrail } from './person-trail.js';
import { quotaForecast } from './quota-forecast.js';
import { readerPerWorkUnit } from './reader-per-work-unit.js';
import { samValidity } from './sam-validity.js';
import { semesterReport } from './semester-report.js';
import { sptjm } from './sptjm.js';
import { userId } from './user-id.js';

/** Every obligation that can be computed, in the order of the agreement. */
export const rules: readonly Rule<FactName>[] = [
  closedNetwork,
  userId,
  quotaForecast,
  balikanCoverage,
  balikanDelivery,
  sptjm,
  readerPerWorkUnit,
  samValidity,
  operatorNda,
  agreementEnd,
  emergencyStop,
  semesterReport,
  closingSupplement,
  officeHolderLetters,
  personTrail,
  breachNotice,
] as readonly Rule<FactName>[];
