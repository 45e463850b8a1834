import { RpcClient } from '#service';
import type { Feature } from '../feature.js';
import { LetterRepository } from './letter.repository.js';
import { Letters } from './letters.js';
import { LettersController } from './letters.controller.js';
import { RegisterReader } from './register-reader.js';

export const letters = (): Feature => ({
  controllers: [LettersController],
  providers: [
    LetterRepository,
    { provide: RegisterReader, useFactory: (bus: RpcClient) => new RegisterReader(bus), inject: [RpcClient] },
    Letters,
  ],
  workers: [],
});
