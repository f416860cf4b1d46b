// Where things lie in memory. The host writes names, keys and input, and reads what was found.

/** Wanted members: `names` of up to 64 bytes each, and their lengths. */
export const mostMembers: usize = 64;
export const nameSize: usize = 64;
/** Below are the compiler's own things. */
export const names: usize = 0x1_0000;
export const nameLengths: usize = names + mostMembers * nameSize;
/** Members by the hash of their names. */
export const memberTableSize: usize = 256;
export const memberTable: usize = nameLengths + mostMembers * 4;

/** The slot of what was found within a member, behind those of the members. */
export const withinSlot: u32 = mostMembers as u32;
/** Start and end of what was found, by slot, and whether it holds a backslash. */
export const starts: usize = memberTable + memberTableSize;
export const ends: usize = starts + (mostMembers + 1) * 4;
export const escapes: usize = ends + (mostMembers + 1) * 4;
/** Numbers of members' values. */
export const memberNumbers: usize = escapes + mostMembers + 16;
/** Members whose values are asked for, their hashes, and what lies where these lead. */
export const askedFor: usize = memberNumbers + mostMembers * 4;
export const memberHashes: usize = askedFor + mostMembers;
export const memberCandidates: usize = memberHashes + mostMembers * 4;

/** Values of parts, and the record that each is of; values that hold for all records; roots of their trees. */
export const mostParts: usize = 64;
export const partValues: usize = memberCandidates + mostMembers * 4;
export const partEpochs: usize = partValues + mostParts * 4;
export const constants: usize = partEpochs + mostParts * 4;
export const roots: usize = constants + mostParts * 4;
/** Parts that are columns, and what each came to for the record that was read last. */
export const columnParts: usize = roots + mostParts * 4;
export const columnValues: usize = columnParts + mostParts * 4;
/** Members that a plain record never holds as text. */
export const structures: usize = columnValues + mostParts * 4;

/** Ids of the record: hashes, then the four words of the vendor's id, whether there is one, and the time. */
export const mostFields: usize = 8;
export const mostPaths: usize = 4;
export const hashes: usize = structures + mostParts * 4;
export const eventKey: usize = hashes + mostFields * 4;
export const hasEventKey: usize = eventKey + 16;
export const time: usize = (hasEventKey + 4 + 7) & ~7;
/** Nanoseconds below the microsecond, and digits that the time is written with. */
export const timeNanos: usize = time + 8;
export const timeDigits: usize = timeNanos + 4;
/** Where the record begins that was found last, and ends. */
export const recordStart: usize = timeDigits + 4;
export const recordEnd: usize = recordStart + 4;
/**
 * Where `take` has stopped, the end of the last record that it took, how many rows and pending entries there are,
 * and bytes of the batch's texts.
 */
export const stoppedAt: usize = recordEnd + 4;
export const takenTo: usize = stoppedAt + 4;
export const rowCount: usize = takenTo + 4;
export const pendingCount: usize = rowCount + 4;
export const rowTextBytes: usize = pendingCount + 4;
/** Where each of the ids may stand: member, key and inner key (`noKey` for none). */
export const fieldPaths: usize = rowTextBytes + 4;
export const pathSize: usize = 16;
/** Texts of ids that are to be hashed: where they are, how long, and where their hashes go. */
export const pendingTexts: usize = fieldPaths + mostFields * mostPaths * pathSize;

/** What parts that are being learnt have looked at: slots, and what was seen at each. */
export const mostLooks: usize = 1024;
export const lookSize: usize = 8;
export const trail: usize = pendingTexts + mostFields * 16;

/** Members of an object that was looked into: its start, their number, and where the key and the value of each lie. */
export const mostListed: u32 = 32;
export const listedSize: usize = 16;
const listSize: usize = 8 + (mostListed as usize) * listedSize;
/** Of a member of the record, and of what was found within one. */
export const memberList: usize = trail + mostLooks * lookSize;
export const withinList: usize = memberList + listSize;

/** Keys within members and prefixes, in the order in which the host has written them, and their lengths. */
export const mostKeys: usize = 8192;
export const keys: usize = 0x2_0000;
export const keyLengths: usize = keys + mostKeys * nameSize;
/** What parts look at within members: member, key, inner key. Its slots lie between those of members and of parts. */
const mostWithins: usize = 16384;
export const firstWithin: u32 = mostMembers as u32;
export const firstPart: u32 = mostWithins as u32;
export const withins: usize = keyLengths + mostKeys * 4;
export const withinSize: usize = 8;

/** A table of values (hash, position) and their bytes. */
export const valuePlaces: u32 = 0x1_0000;
export const valuePlaceSize: usize = 8;
export const valueTable: usize = 0x10_0000;
export const valueBytes: usize = valueTable + (valuePlaces as usize) * valuePlaceSize;
export const valueBytesSize: usize = 0x100_0000;

/**
 * Nodes of the trees: a slot to look at, what was seen there last, and where that led to. Edges: node, what was seen,
 * where it leads to.
 */
export const mostNodes: u32 = 0x2_0000;
export const nodeSize: usize = 16;
export const nodes: usize = valueBytes + valueBytesSize;
export const edgePlaces: u32 = 0x4_0000;
export const edgeSize: usize = 12;
export const edges: usize = nodes + (mostNodes as usize) * nodeSize;

/** Values of columns, and the dictionary entries that each brings along, one a dimension of the column. */
export const mostValues: u32 = 0x2_0000;
export const mostOfColumn: usize = 4;
export const valueEntries: usize = edges + (edgePlaces as usize) * edgeSize;
/** Ids that values of columns bring along: of each of these kinds the column, the field, and the hash of each value. */
export const mostCarried: usize = 2;
export const carried: usize = valueEntries + (mostValues as usize) * mostOfColumn * 4;
export const carriedHashes: usize = carried + mostCarried * 8;

/** Dictionary entries: where their texts end, the batch that used each last, and its id there. Entry 0 has no text. */
export const mostEntries: u32 = 0x4_0000;
export const entryEnds: usize = carriedHashes + mostCarried * (mostValues as usize) * 4;
export const entryBatches: usize = entryEnds + (mostEntries as usize) * 4;
export const entryIds: usize = entryBatches + (mostEntries as usize) * 4;

/** Of each dimension that columns tell: the column, its place in it, and the number of its ids' column. */
export const mostDimensions: usize = 16;
export const sources: usize = entryIds + (mostEntries as usize) * 4;
export const sourceSize: usize = 12;
/** The id that the next new entry gets, by the number of the ids' column. */
export const nextIds: usize = sources + mostDimensions * sourceSize;

/** Rows of a batch, column by column. */
export const mostRows: u32 = 16384;
export const rowMicros: usize = (nextIds + mostDimensions * 4 + 15) & ~15;
export const rowOffsets: usize = rowMicros + (mostRows as usize) * 8;
export const rowKeys: usize = rowOffsets + (mostRows as usize) * 8;
export const rowLengths: usize = rowKeys + (mostRows as usize) * 16;
export const rowHashes: usize = rowLengths + (mostRows as usize) * 4;
export const rowIds: usize = rowHashes + (mostRows as usize) * 4 * mostFields;
export const rowNanos: usize = rowIds + (mostRows as usize) * 4 * mostDimensions;
export const rowDigits: usize = rowNanos + (mostRows as usize) * 2;
/** Entries that are new in the batch: number of the ids' column, entry, id. */
export const pendingSize: usize = 12;
export const pending: usize = rowDigits + (mostRows as usize);

/** Texts of what is new in the batch, as the host asks for them: by the number of the ids' column their place and size. */
export const newTexts: usize = pending + (mostRows as usize) * mostDimensions * pendingSize;
export const newTextsSize: usize = 8;

/** Shapes of records: states and the steps between them, as shapes.ts has them, and a table of the states. */
export const mostStates: u32 = 4096;
export const stateSize: usize = 32;
export const states: usize = (newTexts + mostDimensions * newTextsSize + 63) & ~63;
export const statePlaces: u32 = mostStates * 2;
export const stateTable: usize = states + (mostStates as usize) * stateSize;
export const mostSteps: u32 = 8192;
export const stepSize: usize = 192;
export const shapeSteps: usize = stateTable + (statePlaces as usize) * 4;
/** Marks of a step that is being learnt. */
export const stepMarks: usize = shapeSteps + (mostSteps as usize) * stepSize;

/** The texts of entries, one behind the other, and room for those of a batch. */
export const entryTexts: usize = stepMarks + 16;
export const entryTextsSize: usize = 0x1a0_0000;
export const batchTexts: usize = entryTexts + entryTextsSize;
export const batchTextsSize: usize = 0x200_0000;

/** The bytes that are scanned; memory has to reach 64 zero bytes beyond them. */
export const input: usize = batchTexts + batchTextsSize;
