/* Power loss for one process: what it wrote to files and never synced can be taken back after it was killed.
 *
 * Loaded before the C library (LD_PRELOAD). Before a write or a truncation, what it overwrites is appended to an undo
 * file beside the others in $POWER_UNDO; a sync of the file empties its undo file. Whoever plays the undo files
 * backwards after a SIGKILL sees the files as a disk without battery could have left them. With $POWER_NO_SYNC no sync
 * ever counts, as if the program had never asked for one.
 *
 * Files are known by device and inode. Names (creation, removal) are not taken back. Only files whose path holds
 * $POWER_FILES are watched; SQLite's shared memory is not a file that anybody syncs, and is left alone.
 *
 * Undo file: records of { offset, length, size of the file before } as 64-bit numbers of this machine, then the bytes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

struct record {
  int64_t offset;
  int64_t length;
  int64_t size;
};

/* The undo file of what is open here, or -1 where nothing is watched. Left behind for whoever plays it back: the
 * path of the file itself, as a link. */
static int undo_of(int fd, int flags) {
  const char *folder = getenv("POWER_UNDO"), *watched = getenv("POWER_FILES");
  char link[64], path[PATH_MAX], name[PATH_MAX], origin[PATH_MAX];
  struct stat stat;
  if (!folder || !watched || fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode)) return -1;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return -1;
  path[length] = 0;
  if (!strstr(path, watched) || strstr(path, "-shm")) return -1;
  snprintf(name, sizeof name, "%s/%llx-%llx", folder, (long long)stat.st_dev, (long long)stat.st_ino);
  if ((size_t)snprintf(origin, sizeof origin, "%s.of", name) < sizeof origin) (void)!symlink(path, origin);
  return REAL(open)(name, flags | O_CREAT | O_CLOEXEC, 0600);
}

static void must(int well) {
  if (!well) {
    static const char said[] = "power: the undo file cannot be written\n";
    (void)!REAL(write)(2, said, sizeof said - 1);
    abort();
  }
}

/* Remembers what a change of [offset, offset + length) overwrites. The lock is held. */
static void remember(int fd, off_t offset, size_t length) {
  int saved = errno, undo = undo_of(fd, O_WRONLY | O_APPEND);
  if (undo >= 0) {
    struct stat stat;
    must(fstat(fd, &stat) == 0);
    int64_t there = stat.st_size > offset ? stat.st_size - offset : 0;
    struct record record = {offset, there < (int64_t)length ? there : (int64_t)length, stat.st_size};
    char *bytes = malloc(sizeof record + record.length);
    must(bytes != NULL);
    memcpy(bytes, &record, sizeof record);
    if (record.length > 0) {
      /* The file may be open for writing alone. */
      char link[64];
      snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
      int reader = REAL(open)(link, O_RDONLY | O_CLOEXEC);
      must(reader >= 0 && pread(reader, bytes + sizeof record, record.length, offset) == record.length);
      close(reader);
    }
    ssize_t whole = sizeof record + record.length;
    must(REAL(write)(undo, bytes, whole) == whole);
    free(bytes);
    close(undo);
  }
  errno = saved;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  pthread_mutex_lock(&lock);
  remember(fd, offset, length);
  ssize_t done = REAL(pwrite64)(fd, bytes, length, offset);
  pthread_mutex_unlock(&lock);
  return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return pwrite64(fd, bytes, length, offset); }

ssize_t write(int fd, const void *bytes, size_t length) {
  pthread_mutex_lock(&lock);
  off_t offset = lseek(fd, 0, SEEK_CUR);
  if (offset >= 0) remember(fd, offset, length);
  ssize_t done = REAL(write)(fd, bytes, length);
  pthread_mutex_unlock(&lock);
  return done;
}

int ftruncate64(int fd, off64_t length) {
  pthread_mutex_lock(&lock);
  struct stat stat;
  if (fstat(fd, &stat) == 0) remember(fd, length, stat.st_size > length ? stat.st_size - length : 0);
  int done = REAL(ftruncate64)(fd, length);
  pthread_mutex_unlock(&lock);
  return done;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

/* What was written before is on the disk. */
static int synced(int fd, int (*sync)(int)) {
  if (getenv("POWER_NO_SYNC")) return 0;
  pthread_mutex_lock(&lock);
  int done = sync(fd);
  if (done == 0) {
    int undo = undo_of(fd, O_WRONLY | O_TRUNC);
    if (undo >= 0) close(undo);
  }
  pthread_mutex_unlock(&lock);
  return done;
}

int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }
