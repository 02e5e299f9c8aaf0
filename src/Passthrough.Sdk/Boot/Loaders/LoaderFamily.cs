namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>The programs that start a kernel, as what the kernel shows tells them apart.</summary>
internal enum LoaderFamily
{
    /// <summary>None of those that are known here.</summary>
    Other,

    /// <summary>GRUB 2.</summary>
    Grub,

    /// <summary>systemd-boot.</summary>
    SystemdBoot,

    /// <summary>The firmware or any loader, with a unified kernel image that holds its command line.</summary>
    UnifiedImage,

    /// <summary>Limine.</summary>
    Limine,

    /// <summary>rEFInd, or its derivative RefindPlus.</summary>
    Refind,

    /// <summary>syslinux and its kin, or U-Boot with the same menu.</summary>
    Extlinux,
}
