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
/** Devices that may have weight at one time, on the way from one set of voters to another; all their subsets can be looked at. */
export const MAX_WEIGHTED_DEVICES = 16;
/** Name of a device, folder or group, in UTF-8 bytes. */
export const MAX_NAME_BYTES = 128;
/** One signed operation, encoded: room for the names of a device's last changes in a dozen folders at least. */
export const MAX_OPERATION_BYTES = 30 * 1024;
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
/** Encoded entries in one append: all that a master may hold uncommitted, so that what replaces a tail comes whole. */
export const MAX_APPEND_BYTES = 4 * 1024 * 1024;
/** Entries sent to one device and not yet acknowledged by it. */
export const MAX_UNACKNOWLEDGED_ENTRIES = 1_024;
/** Entries a master holds uncommitted; beyond it proposals are refused as busy. */
export const MAX_UNCOMMITTED_ENTRIES = 128;
/** One message between a client (window, page, command line) and the engine. */
export const MAX_RPC_MESSAGE_BYTES = 4 * 1024 * 1024;
/** A key of the local database in UTF-8 bytes, below what LMDB takes with the table's name in front. */
export const MAX_STORE_KEY_BYTES = 1_500;
/** Invites that can be used at one time: newcomers are received for every one of them. */
export const MAX_INVITES = 32;
/** Invites that are remembered, those that can no longer be used included. */
export const MAX_KEPT_INVITES = 512;
/** How long an invite may last. */
export const MAX_INVITE_DURATION_MS = 30 * 24 * 60 * 60 * 1_000;
/** Highest number of rules that an operation may raise to. */
export const MAX_RULES = 65_535;
/** Bits of hash(parent directory) by which a folder's index is sharded: 64 shards. */
export const INDEX_BITS = 6;
/**
 * Last changes of one author in one shard that the end of a right names. An honest device has one, or some few where its
 * home was restored from a copy; so all of a folder fit into one operation, whatever their author did.
 */
export const MAX_LATEST_CHANGES = 8;
/** How long the end of a right waits for other devices to name the last changes that they have. */
export const LATEST_ANSWER_MS = 1_000;
/** Target of a symbolic link, in UTF-8 bytes: what Linux holds. */
export const MAX_SYMLINK_TARGET_BYTES = 4_095;
/** One change of a folder's index, encoded; a larger one is not merged. */
export const MAX_INDEX_CHANGE_BYTES = 1024 * 1024;
/** Entries in one change of a folder's index; protects against a small change that unfolds to a large one. */
export const MAX_INDEX_CHANGE_ENTRIES = 4_096;
/** Heads of one shard that a message may name; so many come only from a device that writes apart from itself on purpose. */
export const MAX_SHARD_HEADS = 65_536;
/** Changes of unknown signers or from beyond the own log that are kept per folder until the log arrives. */
export const MAX_WAITING_CHANGES = 10_000;
/** Those of one signer, or of all signers together that the log does not know: nobody takes all the room. */
export const MAX_WAITING_CHANGES_BY_SIGNER = 2_500;
/** Entries of the index that stay loaded as documents, over all folders (about 1.3 kB each). */
export const MAX_LOADED_INDEX_ENTRIES = 50_000;
/** Content of at most this size is one chunk, without a manifest. Part of the content format. */
export const SINGLE_CHUNK_BYTES = 256 * 1024;
/** Smallest chunk of larger content, but for the last one. Part of the content format. */
export const MIN_CHUNK_BYTES = 64 * 1024;
/** Length at which the cut condition of chunks turns from hard to easy; about their average. Part of the content format. */
export const NORMAL_CHUNK_BYTES = 256 * 1024;
/** Largest chunk; protects the memory of whoever reads or receives one. Part of the content format. */
export const MAX_CHUNK_BYTES = 1024 * 1024;
/** Chunks named by one page of a manifest: 147 kB, for about 1 GiB of content. Part of the content format. */
export const MANIFEST_PAGE_CHUNKS = 4_096;
/** Largest content that is synced: what the arithmetic on offsets and the page numbers of manifests hold with room. */
export const MAX_CONTENT_BYTES = 16 * 1024 ** 4;
/** Bytes of content in one answer of the content channel, at least one chunk; large frames carry bulk best. */
export const CONTENT_FRAME_BYTES = 1024 * 1024;
/** Small contents asked for in one request. */
export const MAX_BATCH_CONTENTS = 256;
/** Requests of one peer that wait at its server; one more ends with the answer that it is busy. */
export const MAX_WAITING_CONTENT_REQUESTS = 256;
/** Answers for one peer that are read from disk and not yet sent: bounds a server's memory per peer. */
export const MAX_READY_ANSWERS = 3;
/** Bytes asked of one source and not yet received, at first and at most: bounds a puller's memory per source. */
export const MIN_SOURCE_WINDOW_BYTES = 2 * 1024 * 1024;
export const MAX_SOURCE_WINDOW_BYTES = 16 * 1024 * 1024;
/** Corrupt answers after which a source is asked for nothing more until it connects again. */
export const MAX_SOURCE_STRIKES = 3;
/** Disk space that a fetch leaves free. */
export const FREE_SPACE_RESERVE_BYTES = 64 * 1024 * 1024;
/** Large files fetched at one time, of those that one device said the chunks of; the others wait. */
export const MAX_LARGE_FETCHES = 4;
/** Manifest pages asked of one device and not yet answered; further ones wait. */
export const MAX_MANIFEST_ASKS = 8;
/** Contents that a peer asked for in vain and is told about when they are here, remembered per peer. */
export const MAX_MISSED_CONTENTS = 4_096;
/** One log entry or commit proof, encoded: an operation and what its master puts around it. */
export const MAX_LOG_ENTRY_BYTES = MAX_OPERATION_BYTES + 1024;
/** A file changed this shortly before it was looked at is hashed again next time: file times are coarse. */
export const RACY_MTIME_MS = 2_000;
/** Watch events are gathered for this long before a look: one save makes several. */
export const WATCH_COALESCE_MS = 5;
/** Files above this size are left alone while they are being written. */
export const STILL_WRITTEN_BYTES = 1024 * 1024;
/** How long a large file must have rested before it is hashed. */
export const STILL_WRITTEN_MS = 150;
/** A directory that a watcher told of is looked at again after this long: it may have filled before it was watched. */
export const NEW_DIRECTORY_LOOK_MS = 500;
/** What the watcher left out is looked for this long after it told of something: it gathers for half a second at most. */
export const SWEEP_AFTER_MS = 1_000;
/** How many times as long as a sweep took no other begins. */
export const SWEEP_REST = 50;
/** Longest wait before a file that kept changing, or failed, is tried again. */
export const MAX_RETRY_MS = 30_000;
/** First wait before the same; doubled each time. */
export const MIN_RETRY_MS = 50;
/** How long the folder's life may hold the engine's thread before it lets others run. */
export const SLICE_MS = 10;
/** Files of one folder that are hashed at the same time. */
export const MAX_HASHING = 64;
/** Contents of one folder that are fetched at the same time; calls made together travel in batches. */
export const MAX_FETCHING = 512;
/** Own changes published in one transaction: few enough not to hold the engine's thread, enough to share the flush. */
export const MAX_PUBLISH_CHANGES = 128;
/** Paths applied before their directories are flushed and `synced` is written. */
export const MAX_APPLY_GROUP = 500;
/** A removal that names a destination waits this long for it to become known. */
export const MOVE_WAIT_MS = 1_000;
/** Days (of 24 hours of running) that a replaced or removed version is kept. */
export const VERSION_KEPT_DAYS = 30;
/** How often a folder at work notes for how long it has run: what a crash may lose of it. */
export const RUNNING_TIME_NOTE_MS = 10 * 60_000;
/** Share of a disk that the kept versions of all folders on it may take. */
export const VERSION_DISK_SHARE = 0.1;
/** Free space that applying leaves on the disk. */
export const MIN_FREE_BYTES = 64 * 1024 * 1024;
/** Bytes of a folder's marker file. */
export const MAX_MARKER_BYTES = 4_096;
/** How often a folder that waits for the first holder looks whether its index came whole. */
export const HOLDER_POLL_MS = 500;
/** Rows of one page of a listing. */
export const LIST_PAGE_ROWS = 500;
/** Own changes that wait for a master. */
export const MAX_WAITING_OPERATIONS = 1_000;
/** Measured failovers that are kept and told to others. */
export const MAX_FAILOVER_RECORDS = 100;
/** A device's report of its folders, encoded. */
export const MAX_REPORT_BYTES = 256 * 1024;
/** Reports are sent at most this often on change. */
export const REPORT_INTERVAL_MS = 100;
/** How often at most clients are told of changes of the state that they watch. */
export const VIEW_INTERVAL_MS = 60;
/** Hashes of refused index changes that are remembered per folder, so that they are not asked for again. */
export const MAX_REFUSED_CHANGES = 10_000;
/** Highest counter of index changes that is believed: far beyond any use, and far below where numbers end. */
export const MAX_INDEX_COUNTER = 2 ** 48;
/** Changes sent in one message of the index, in bytes; at least one change is sent whatever its size. */
export const INDEX_BATCH_BYTES = 256 * 1024;
/** How long what was merged may wait before other peers are told, so that it is told once. */
export const INDEX_TELL_DELAY_MS = 20;
/** How long after a failed merge the lost changes are asked for again. */
export const INDEX_RETRY_MS = 1_000;
/** How long a device that starts waits to hear of its own changes from others before it publishes new ones. */
export const INDEX_LISTEN_MS = 3_000;
/** How long a device that decides alone, but not for itself alone, waits at its start to hear what others know. */
export const MASTER_LISTEN_MS = 3_000;
/** How often at most a device tells its peers of the counters that it has seen. */
export const INDEX_COUNTERS_DELAY_MS = 500;
/** How long a connected peer may take to say whether it holds a folder. */
export const INDEX_GREETING_MS = 3_000;
/** Newcomers at the door at a time; protects a device from somebody who shows a code around. */
export const MAX_JOIN_REQUESTS = 64;
/** Latest stamp of an entry, in milliseconds since 1970: far beyond any clock, and far below where numbers end. */
export const MAX_STAMP = 2 ** 48;
/** Terms that one message may be ahead of this device; keeps a hostile member from using up all numbers at once. */
export const MAX_TERM_JUMP = 1_000_000;
/** Invites for which newcomers are received at a time, to be told so of used ones; protects the number of topics. */
export const MAX_OFFERED_INVITES = 64;
/** Problems that are listed of one folder; how many there are is always told. */
export const MAX_LISTED_PROBLEMS = 100;
/** Lines of what happened that a device keeps. */
export const MAX_ACTIVITY = 2_000;
/** How soon after a change a device says what it has. */
export const OWN_REPORT_DELAY_MS = 50;
/** How often rates are measured for people to see. */
export const VIEW_TICK_MS = 1_000;
/** Problems of the engine that are shown at a time. */
export const MAX_ENGINE_PROBLEMS = 50;
