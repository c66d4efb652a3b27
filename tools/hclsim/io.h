/* Descriptors and files. */
#ifndef HCLSIM_IO_H
#define HCLSIM_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* All n bytes, or false. */
bool sim_write_all(int fd, const void *p, size_t n);
bool sim_read_all(int fd, void *p, size_t n);
/* A whole file, written beside and renamed, so that it is never half there. */
bool sim_file_write(const char *dir, const char *name, const void *p, size_t n, unsigned mode);
/* dir/name, or false where that is longer than cap. */
bool sim_path(char *out, size_t cap, const char *dir, const char *name);

/* One message over a Unix socket, with a descriptor beside it. Received ones are
 * not waited for, *fd is -1 where none came, and the result is recvmsg()'s. */
bool sim_fd_send(int sock, const void *p, size_t n, int fd);
ssize_t sim_fd_receive(int sock, void *p, size_t cap, int *fd);

#define SIM_PATH_MAX 4096

#endif
