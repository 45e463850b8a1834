import type { Feature } from '../feature.js';
import { DutiesController } from './duties.controller.js';
import { Duties } from './duties.js';
import { DutyRepository } from './duty.repository.js';

export const duties = (): Feature => ({
  controllers: [DutiesController],
  providers: [DutyRepository, Duties],
  workers: [],
});
