/** Every bound of the product, named with its unit. A test checks the relations between them. */

/** Default latency budget of a group for one metadata change across a failover. */
export const DEFAULT_BUDGET_MS = 5_000;
export const MIN_BUDGET_MS = 1_000;
export const MAX_BUDGET_MS = 120_000;

/** Devices in one group; protects memory of the group's state and the number of links. */
export const MAX_DEVICES = 200;
/** Folders in one group. */
export const MAX_FOLDERS = 1_000;
/** Voters at most. */
export const MAX_VOTERS = 3;
/** Name of a device, folder or group, in UTF-8 bytes. */
export const MAX_NAME_BYTES = 128;
/** One signed operation, encoded. */
export const MAX_OPERATION_BYTES = 16 * 1024;
/** One frame on any channel; a longer one ends the link. */
export const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
/** One relative path, in UTF-8 bytes. */
export const MAX_PATH_BYTES = 4_096;
/** One path segment, in UTF-8 bytes: what common file systems hold. */
export const MAX_NAME_SEGMENT_BYTES = 255;
/** Keep-alive of every link. */
export const LINK_KEEPALIVE_MS = 500;
/** A link silent for this long is destroyed and dialled again. */
export const LINK_SILENT_MS = 2_000;
/** Entries in one append or committed batch; with the bytes below it protects memory and the link's other channels. */
export const MAX_APPEND_ENTRIES = 256;
/** Encoded entries in one append; one entry always fits, so this is far below a frame. */
export const MAX_APPEND_BYTES = 1024 * 1024;
/** Entries sent to one device and not yet acknowledged by it. */
export const MAX_UNACKNOWLEDGED_ENTRIES = 1_024;
/** Entries a master holds uncommitted; beyond it proposals are refused as busy. */
export const MAX_UNCOMMITTED_ENTRIES = 4_096;
/** One message between a client (window, page, command line) and the engine. */
export const MAX_RPC_MESSAGE_BYTES = 4 * 1024 * 1024;
/** A key of the local database in UTF-8 bytes, below what LMDB takes with the table's name in front. */
export const MAX_STORE_KEY_BYTES = 1_500;
/** Invites that can be used at one time. */
export const MAX_INVITES = 256;
/** How long an invite may last. */
export const MAX_INVITE_DURATION_MS = 30 * 24 * 60 * 60 * 1_000;
/** Highest number of rules that an operation may raise to. */
export const MAX_RULES = 65_535;
/** Bits of hash(parent directory) by which a folder's index is sharded: 64 shards. */
export const INDEX_BITS = 6;
