/**
 * Imported before everything else, because libuv reads the size when the pool is first used. Half of the threads may
 * look up host names: with Node's own 4, two endpoints whose name server is dead would keep all others from theirs.
 */
process.env.UV_THREADPOOL_SIZE ??= "64";
