import { EvaluationController } from './evaluation.controller.js';
import { KitController } from './kit.controller.js';
import { LettersController } from './letters.controller.js';
import { ObligationsController } from './obligations.controller.js';
import { RemindersController } from './reminders.controller.js';
import { ReportFilesController } from './report-files.controller.js';
import { ReportTemplateController } from './report-template.controller.js';
import { ReportsController } from './reports.controller.js';

export const reportingControllers = [
  ReportsController,
  ReportFilesController,
  KitController,
  ReportTemplateController,
  ObligationsController,
  RemindersController,
  LettersController,
  EvaluationController,
];
