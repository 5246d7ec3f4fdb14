/** The fields of one protobuf message by number: integers as bigint, everything with a length as bytes. */
export type Fields = ReadonlyMap<number, readonly (bigint | Buffer)[]>;

/**
 * Splits a protobuf message into its fields, without a schema.
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export function decodeFields(message: Buffer): Fields {
  const fields = new Map<number, (bigint | Buffer)[]>();
  let position = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[position++];
      if (byte === undefined) throw new RangeError('protobuf: message ends inside a varint');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const bytes = (length: number) => {
    if (position + length > message.length) throw new RangeError('protobuf: message ends inside a field');
    position += length;
    return message.subarray(position - length, position);
  };
  while (position < message.length) {
    const tag = Number(varint());
    const values = fields.get(tag >>> 3) ?? [];
    fields.set(tag >>> 3, values);
    switch (tag & 7) {
      case 0:
        values.push(varint());
        break;
      case 1:
        values.push(bytes(8));
        break;
      case 2:
        values.push(bytes(Number(varint())));
        break;
      case 5:
        values.push(bytes(4));
        break;
      default:
        throw new RangeError(`protobuf: unknown wire type ${tag & 7}`);
    }
  }
  return fields;
}

export function messages(fields: Fields, number: number): Fields[] {
  return (fields.get(number) ?? []).map((value) => decodeFields(value as Buffer));
}

export function text(fields: Fields, number: number): string {
  return ((fields.get(number)?.[0] as Buffer | undefined) ?? Buffer.of()).toString('utf8');
}

export function hex(fields: Fields, number: number): string {
  return ((fields.get(number)?.[0] as Buffer | undefined) ?? Buffer.of()).toString('hex');
}

export function integer(fields: Fields, number: number): number {
  return Number((fields.get(number)?.[0] as bigint | undefined) ?? 0n);
}
