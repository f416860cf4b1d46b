import { BerWriter, Control, FilterParser } from 'ldapts';

const octetString = 4;

/** RFC 4528: the change is made only while the filter holds for the entry; otherwise the server answers 122. */
export class AssertionControl extends Control {
  readonly #filter: string;

  constructor(filter: string) {
    super('1.3.6.1.1.12', { critical: true });
    this.#filter = filter;
  }

  override writeControl(writer: BerWriter): void {
    const value = new BerWriter();
    FilterParser.parseString(this.#filter).write(value);
    writer.writeBuffer(value.buffer, octetString);
  }
}

/** OpenLDAP's No-Op (draft-zeilenga-ldap-noop): the change is tried and not made; success is answered as 16654. */
export class NoOpControl extends Control {
  constructor() {
    super('1.3.6.1.4.1.4203.666.5.2', { critical: true });
  }
}

export const resultCodes = {
  noSuchAttribute: 16,
  attributeOrValueExists: 20,
  noSuchObject: 32,
  invalidCredentials: 49,
  insufficientAccess: 50,
  busy: 51,
  unavailable: 52,
  unwillingToPerform: 53,
  assertionFailed: 122,
  noOperation: 16_654,
} as const;
