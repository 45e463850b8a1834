/* Stands before the virtual reader driver and loses the reader while a file exists: the virtual one cannot be unplugged. */
#include <dlfcn.h>
#include <ifdhandler.h>
#include <stdlib.h>
#include <unistd.h>

#define REAL "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"

static void *real(const char *name)
{
	static void *library;
	if (!library)
		library = dlopen(REAL, RTLD_NOW | RTLD_LOCAL);
	return library ? dlsym(library, name) : NULL;
}

static int unplugged(void)
{
	const char *path = getenv("UNPLUG_SWITCH");
	return path && access(path, F_OK) == 0;
}

#define PASS(name, types, names)                                        \
	RESPONSECODE name types                                         \
	{                                                               \
		RESPONSECODE (*next) types = real(#name);               \
		if (!next)                                              \
			return IFD_NOT_SUPPORTED;                       \
		return unplugged() ? IFD_NO_SUCH_DEVICE : next names;   \
	}

PASS(IFDHCreateChannelByName, (DWORD lun, LPSTR device), (lun, device))
PASS(IFDHCreateChannel, (DWORD lun, DWORD channel), (lun, channel))
PASS(IFDHGetCapabilities, (DWORD lun, DWORD tag, PDWORD length, PUCHAR value), (lun, tag, length, value))
PASS(IFDHSetCapabilities, (DWORD lun, DWORD tag, DWORD length, PUCHAR value), (lun, tag, length, value))
PASS(IFDHSetProtocolParameters, (DWORD lun, DWORD protocol, UCHAR flags, UCHAR a, UCHAR b, UCHAR c),
     (lun, protocol, flags, a, b, c))
PASS(IFDHPowerICC, (DWORD lun, DWORD action, PUCHAR atr, PDWORD length), (lun, action, atr, length))
PASS(IFDHTransmitToICC,
     (DWORD lun, SCARD_IO_HEADER send, PUCHAR command, DWORD length, PUCHAR answer, PDWORD most, PSCARD_IO_HEADER receive),
     (lun, send, command, length, answer, most, receive))
PASS(IFDHControl, (DWORD lun, DWORD code, PUCHAR in, DWORD length, PUCHAR out, DWORD most, LPDWORD returned),
     (lun, code, in, length, out, most, returned))
PASS(IFDHICCPresence, (DWORD lun), (lun))

/* Closing works always: else the driver's port stays taken. */
RESPONSECODE IFDHCloseChannel(DWORD lun)
{
	RESPONSECODE (*next)(DWORD) = real("IFDHCloseChannel");
	return next ? next(lun) : IFD_NOT_SUPPORTED;
}
