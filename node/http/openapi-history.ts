type Json = Readonly<Record<string, unknown>>;

const text: Json = { type: 'string' };

const frame: Json = {
  type: 'object',
  description: 'The signed batch that it crossed in, and when its sender signed it',
  properties: {
    stream: text,
    epoch: { type: 'integer' },
    seq: { type: 'integer' },
    signed: { type: 'string', format: 'date-time' },
  },
};
const step: Json = {
  type: 'object',
  required: ['step', 'member', 'time', 'type', 'id', 'says'],
  properties: {
    step: {
      enum: ['begun', 'accepted', 'due', 'sent', 'received', 'rejected', 'handled', 'answered'],
      description: '`received`: its receiver countersigned; `answered`: a peer handled what it was sent',
    },
    member: { type: 'string', description: 'Where it happened' },
    peer: { type: 'string', description: 'The other member, where two are concerned' },
    time: { type: 'string', format: 'date-time' },
    type: { type: 'string', description: 'Type of the message' },
    id: { type: 'string', description: 'Id of the message' },
    says: {
      type: 'object',
      description: 'By whose word it is known, and what carries that word',
      properties: { member: text, by: { enum: ['journal', 'frame', 'message', 'receipt'] } },
    },
    frame,
    at: { type: 'string', description: 'Place in this node’s journal, `partition.position`' },
  },
};
const wait: Json = {
  type: 'object',
  required: ['wait', 'member', 'since', 'reachable'],
  properties: {
    wait: {
      enum: ['frame', 'receipt', 'answer', 'people'],
      description: 'To leave; to be countersigned; to be answered; for somebody at this node',
    },
    member: { type: 'string', description: 'Whose turn it is' },
    since: { type: 'string', format: 'date-time' },
    type: text,
    id: text,
    reachable: { type: 'boolean' },
    awaySince: { type: 'string', format: 'date-time', description: 'Since when it cannot be reached' },
  },
};

/** What a record was before, and the way it went over the members. */
export const historySchema: Json = {
  type: 'object',
  required: ['type', 'subject', 'id', 'owner', 'version', 'at', 'data', 'way', 'asOf'],
  properties: {
    type: text,
    subject: text,
    id: text,
    owner: text,
    version: { type: 'integer' },
    at: text,
    data: {
      type: 'array',
      items: {
        type: 'object',
        required: ['at', 'time'],
        properties: {
          at: text,
          time: { type: 'string', format: 'date-time' },
          version: { type: 'integer' },
          value: { description: 'Null where it was taken away; absent where it was erased' },
        },
      },
    },
    way: {
      type: 'object',
      required: ['steps', 'waits', 'isCut'],
      description: 'As far as this node can tell: its own journal, and what its peers signed',
      properties: {
        steps: { type: 'array', items: step },
        waits: { type: 'array', items: wait },
        isCut: { type: 'boolean', description: 'Only the newest versions are told of' },
      },
    },
    asOf: { type: 'string', format: 'date-time' },
  },
};
