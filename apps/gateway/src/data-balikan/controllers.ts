import { BatchEventsController } from './batch-events.controller.js';
import { BalikanBatchesController } from './batches.controller.js';
import { BalikanDestinationController } from './destination.controller.js';
import { BalikanMediaController } from './media.controller.js';
import { BalikanRecordsController } from './records.controller.js';
import { BalikanUploadController } from './upload.controller.js';

export const dataBalikanControllers = [
  BalikanRecordsController,
  BalikanUploadController,
  BalikanBatchesController,
  BatchEventsController,
  BalikanMediaController,
  BalikanDestinationController,
];
