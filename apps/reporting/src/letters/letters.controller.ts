import { Controller } from '@nestjs/common';
import {
  configureNumbering,
  describeNumbering,
  getLetter,
  listLetters,
  makeLetter,
  readLetter,
  type RpcInput,
} from '#contracts';
import { RpcHandler, unlessAway, type Call } from '#service';
import { LetterRepository } from './letter.repository.js';
import { Letters } from './letters.js';

@Controller()
export class LettersController {
  constructor(
    private readonly letters: Letters,
    private readonly repository: LetterRepository,
  ) {}

  @RpcHandler(makeLetter)
  async make({ actor, letter }: RpcInput<typeof makeLetter>, call: Call) {
    return unlessAway(this.letters.make(actor, letter, call));
  }

  @RpcHandler(listLetters)
  async list({ actor, limit, before }: RpcInput<typeof listLetters>) {
    return unlessAway(this.letters.list(actor.institutionId, limit, before));
  }

  @RpcHandler(getLetter)
  async get({ actor, id }: RpcInput<typeof getLetter>) {
    return unlessAway(this.letters.get(actor.institutionId, id));
  }

  @RpcHandler(readLetter)
  async read({ actor, id, n, officials }: RpcInput<typeof readLetter>, call: Call) {
    const { bytes, last, fileName } = await unlessAway(this.letters.read(actor.institutionId, id, n, officials, call));
    return { bytes: bytes.toString('base64'), last, fileName };
  }

  @RpcHandler(configureNumbering)
  async configure({ actor, numbering }: RpcInput<typeof configureNumbering>) {
    return unlessAway(this.repository.configure(actor.institutionId, numbering, actor.operatorId));
  }

  @RpcHandler(describeNumbering)
  async describe({ actor }: RpcInput<typeof describeNumbering>) {
    return unlessAway(this.repository.numbering(actor.institutionId));
  }
}
