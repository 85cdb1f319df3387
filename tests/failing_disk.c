/* Loaded before the C library: the disk under a process's databases fails while the file FAILING_DISK says so.
 *
 * "full": nothing more can be written. "broken": what was written cannot be made durable. Anything else: a sound disk.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int disk_is(int fd, const char *state)
{
    char link[64], path[4096], said[16] = "";
    const char *control = getenv("FAILING_DISK");
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (control == NULL || length < 0)
        return 0;
    path[length] = '\0';
    if (strstr(path, ".db") == NULL)
        return 0;
    int file = open(control, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return 0;
    ssize_t got = read(file, said, sizeof said - 1);
    close(file);
    return got > 0 && strncmp(said, state, strlen(state)) == 0;
}

static int fails(int error)
{
    errno = error;
    return -1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *data, size_t size)
{
    return disk_is(fd, "full") ? fails(ENOSPC) : REAL(write)(fd, data, size);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at)
{
    return disk_is(fd, "full") ? fails(ENOSPC) : REAL(pwrite)(fd, data, size, at);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at)
{
    return disk_is(fd, "full") ? fails(ENOSPC) : REAL(pwrite64)(fd, data, size, at);
}

int fsync(int fd)
{
    return disk_is(fd, "broken") ? fails(EIO) : REAL(fsync)(fd);
}

int fdatasync(int fd)
{
    return disk_is(fd, "broken") ? fails(EIO) : REAL(fdatasync)(fd);
}
